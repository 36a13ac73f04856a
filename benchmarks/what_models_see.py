"""What a linear model of regions and the CNN see in one cell, and whether they differ.

    python benchmarks/what_models_see.py FILE.npz [--genes 4000] [--refits 10] [--out FOLDER]

The file is one cell type with the arrays X (n_genes, n_bins, n_marks), y, marks, bin_size, chrom
and gene_id, with bins along transcription. Every fifth chromosome is held out. Both models are
fitted to the other genes, and held-out genes explained: contributions to the log-odds against the
average gene, by mark and 1-kb region, averaged over expressed and over silent genes.

A CNN may see more than a linear model, and may differ from it by chance alone: it starts from
random weights, and both are fitted to noisy labels. The null is what the difference would be if
the linear model were the truth: labels are drawn from its probabilities, both models fitted to
them, and the same held-out genes explained again. The p values are from Student's t with the
mean and standard deviation over these refits, adjusted by Holm for all marks and regions.

Written are a figure (contributions of both models, their difference with what is significant
marked, and class maps of both beside real genes of the same probability) and the numbers.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import t as student
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from histoexpr import (
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    SignalGenerator,
    attribute,
    class_maps,
)
from histoexpr.metrics import bootstrap_auroc, holm
from histoexpr.utils import atomic_path, format_table, region_edges, write_csv

REGION = 1000  # bp
TITLES = {"regions": "linear, ten regions", "cnn": "CNN"}
SIDES = {1: "expressed", 0: "silent"}


def load(path):
    """Return a file as a data set, with bins of 100 bp."""
    with np.load(path, allow_pickle=False) as file:
        found = {name: file[name] for name in file.files}
    X, bin_size = found["X"], int(found.get("bin_size", 100))
    if bin_size == 50:
        X, bin_size = X[:, ::2].astype(np.int64) + X[:, 1::2], 100
    genes = found["gene_id"].astype(str)
    return HistoneDataset(
        X,
        found["y"].astype(int),
        cell=np.repeat(Path(path).stem, len(X)),
        gene=genes,
        chrom=found["chrom"].astype(str),
        marks=[str(mark) for mark in found["marks"]],
        bin_size=bin_size,
        oriented=True,
    )


def divide(data, n_genes, seed=0):
    """Return training and held-out genes, of different chromosomes."""
    test = np.isin(data.chrom, np.unique(data.chrom)[::5])
    train = np.flatnonzero(~test)
    rng = np.random.default_rng(seed)
    if n_genes and n_genes < len(train):
        train = np.sort(rng.choice(train, n_genes, replace=False))
    return data.take(train), data.take(test)


def models(seed):
    """Return both models, not fitted."""
    return {
        "regions": HistoneLinearClassifier(n_regions=10, random_state=seed),
        "cnn": HistoneCNNClassifier(random_state=seed, device="cpu"),
    }


def by_region(contributions, edges):
    """Return contributions (n_genes, n_bins, n_marks) summed over regions."""
    return np.add.reduceat(contributions, edges[:-1], axis=1)


def explain(fitted, train, test, edges):
    """Return mean contributions by model and class, (n_regions, n_marks) each."""
    found = {}
    for name, model in fitted.items():
        values = by_region(attribute(model, test, reference=train).values, edges)
        found[name] = {label: values[test.y == label].mean(axis=0) for label in SIDES}
    return found


def differences(found):
    """Return the CNN's contributions less the linear ones, by class."""
    return {label: found["cnn"][label] - found["regions"][label] for label in SIDES}


def null_of(fitted, train, test, edges, n_refits, seed):
    """Return differences by class over refits to labels of the linear model."""
    rng, proba = np.random.default_rng(seed), fitted["regions"].predict_proba(train)[:, 1]
    found = {label: [] for label in SIDES}
    for number in range(n_refits):
        drawn = train.replace(y=(rng.random(len(proba)) < proba).astype(int))
        refits = {name: model.fit(drawn) for name, model in models(number + 1).items()}
        for label, values in differences(explain(refits, train, test, edges)).items():
            found[label].append(values)
        print(f"refit {number + 1} of {n_refits}", flush=True)
    return {label: np.array(values) for label, values in found.items()}


def table_of(found, null, marks, window, edges, bin_size):
    """Return a DataFrame of contributions, differences and p values by class, mark and region."""
    parts, real = [], differences(found)
    borders = window[0] + bin_size * np.asarray(edges)
    for label, side in SIDES.items():
        mean, sd = null[label].mean(axis=0), null[label].std(axis=0, ddof=1)
        n_refits = len(null[label])
        t = (real[label] - mean) / (sd * np.sqrt(1 + 1 / n_refits))
        p = 2 * student.sf(np.abs(t), n_refits - 1)
        region, mark = np.indices(p.shape)
        parts.append(pd.DataFrame({
            "genes": side,
            "mark": np.asarray(marks, dtype=object)[mark.ravel()],
            "first": borders[region.ravel()],
            "last": borders[region.ravel() + 1],
            "linear": found["regions"][label].ravel(),
            "cnn": found["cnn"][label].ravel(),
            "difference": real[label].ravel(),
            "null_mean": mean.ravel(),
            "null_sd": sd.ravel(),
            "p_value": p.ravel(),
        }))  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    table["p_holm"] = holm(table["p_value"])
    return table


def draw(table, maps, marks, window, path):
    """Draw contributions, their difference and class maps."""
    figure = Figure(figsize=(11, 9), layout="constrained")
    top, bottom = figure.subfigures(2, 1, height_ratios=[1.15, 1])
    draw_contributions(top, table, marks)
    draw_maps(bottom, maps, marks, window)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=150)


def draw_contributions(figure, table, marks):
    """Draw two rows, expressed and silent genes, of three panels."""
    axes = figure.subplots(2, 3, sharex=True, sharey=True)
    top = table[["linear", "cnn"]].abs().to_numpy().max()
    columns = {"linear": TITLES["regions"], "cnn": TITLES["cnn"], "difference": "CNN − linear"}
    for row, side in zip(axes, SIDES.values(), strict=True):
        part = table[table["genes"] == side]
        firsts, lasts = part["first"].unique(), part["last"].unique()
        extent = (firsts[0] / 1000, lasts[-1] / 1000, len(marks) - 0.5, -0.5)
        for ax, (column, title) in zip(row, columns.items(), strict=True):
            grid = part.pivot(index="mark", columns="first", values=column).loc[marks]
            image = ax.imshow(grid, aspect="auto", cmap="PuOr", vmin=-top, vmax=top,
                              extent=extent, interpolation="nearest")  # fmt: skip
            ax.axvline(0, color="0.4", linewidth=0.8, linestyle=":")
            ax.set_yticks(range(len(marks)), marks, fontsize=8)
            ax.set_title(f"{title}: {side} genes", fontsize=9)
            if column == "difference":
                for _, cell in part[part["p_holm"] < 0.05].iterrows():
                    x, y = (cell["first"] + cell["last"]) / 2000, marks.index(cell["mark"])
                    ax.text(x, y, "*", ha="center", va="center", fontsize=11)
    for ax in axes[1]:
        ax.set_xlabel("kb from the TSS, along transcription", fontsize=8)
    scale = figure.colorbar(image, ax=list(axes.ravel()), fraction=0.025)
    scale.set_label("mean contribution per 1 kb (log-odds);\n* beyond the null, p < .05 (Holm)",
                    fontsize=8)  # fmt: skip


def draw_maps(figure, maps, marks, window):
    """Draw one panel per mark, with a line for each model and class, and real genes."""
    axes = figure.subplots(1, len(marks), sharex=True)
    colors = {1: "#0072B2", 0: "#D55E00"}
    lines = {"real genes": ":", TITLES["regions"]: "--", TITLES["cnn"]: "-"}
    for number, (ax, mark) in enumerate(zip(np.ravel(axes), marks, strict=True)):
        for (title, label), found in maps.items():
            n_bins = found.signals.shape[1]
            x = np.linspace(*window, 2 * n_bins + 1)[1::2] / 1000
            ax.plot(x, found.average[:, number], lines[title], color=colors[label],
                    linewidth=1.2, label=f"{title}: p({SIDES[label]}) = 0.9")  # fmt: skip
        ax.set_title(mark, fontsize=9)
        ax.set_ylim(bottom=0)
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_xlabel("kb from the TSS", fontsize=8)
    np.ravel(axes)[0].set_ylabel("signal per bin (geometric mean)", fontsize=8)
    handles, labels = np.ravel(axes)[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=8)


def make_maps(fitted, generator, test, n_maps=128):
    """Return ClassMaps by (title, class), of real genes and of both models."""
    shared = {"probability": 0.9, "n_maps": n_maps, "random_state": 0}
    found = {}
    for label in SIDES:
        real = class_maps(fitted["cnn"], label, method="data", X=test, **shared)
        found["real genes", label] = real
        for name, model in fitted.items():
            maps = class_maps(model, label, generator=generator, **shared)
            found[TITLES[name], label] = maps
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--genes", type=int, default=4000, help="training genes (0 for all)")
    parser.add_argument("--refits", type=int, default=10)
    parser.add_argument("--steps", type=int, default=1500, help="of the generator")
    parser.add_argument("--out", type=Path, default=Path("what_models_see"))
    args = parser.parse_args()
    data = load(args.file)
    train, test = divide(data, args.genes)
    edges = region_edges(data.n_bins, data.n_bins * data.bin_size // REGION)
    start, fitted = time.process_time(), {}
    for name, model in models(0).items():
        fitted[name] = clone(model).fit(train)
        scores = fitted[name].decision_function(test)
        replicates = bootstrap_auroc(test.y, scores, test.chrom, test.cell)[:, 0]
        low, high = np.quantile(replicates, [0.025, 0.975])
        n_parameters = sum(w.numel() for w in fitted[name].net_.module_.parameters())
        print(f"{TITLES[name]}: {n_parameters:,} parameters, held-out AUROC "
              f"{roc_auc_score(test.y, scores):.3f} ({low:.3f} to {high:.3f}), "
              f"{time.process_time() - start:.0f} s CPU so far", flush=True)  # fmt: skip
    found = explain(fitted, train, test, edges)
    null = null_of(fitted, train, test, edges, args.refits, seed=0)
    table = table_of(found, null, data.marks, data.window, edges, data.bin_size)
    args.out.mkdir(parents=True, exist_ok=True)
    write_csv(table, args.out / f"{args.file.stem}.tsv")
    generator = SignalGenerator(n_steps=args.steps, random_state=0, device="cpu").fit(train)
    maps = make_maps(fitted, generator, test)
    draw(table, maps, data.marks, data.window, args.out / f"{args.file.stem}.png")
    print(summary(table))


def summary(table):
    """Return the main results as text."""
    lines = [["genes", "mark", "linear", "CNN", "significant regions"]]
    for (side, mark), part in table.groupby(["genes", "mark"], sort=False):
        strong = part[part["p_holm"] < 0.05]
        where = ", ".join(f"{a / 1000:+g} to {b / 1000:+g} kb ({d:+.2f})" for a, b, d in
                          zip(strong["first"], strong["last"], strong["difference"],
                              strict=True))  # fmt: skip
        total = part[["linear", "cnn"]].sum()
        lines.append([side, mark, f"{total['linear']:+.2f}", f"{total['cnn']:+.2f}", where or "–"])
    r = np.corrcoef(table["linear"], table["cnn"])[0, 1]
    return f"{format_table(lines, 2)}\n\nCorrelation of the contributions of both: {r:.3f}"


if __name__ == "__main__":
    main()
