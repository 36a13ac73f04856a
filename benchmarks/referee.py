"""A sceptical referee's tests of what is said about marks and generators, on data without effects.

    python benchmarks/referee.py [FILE.npz] [--sets 10] [--genes 400]

1. Interactions where marks only add up: labels are drawn from a logistic model of curved effects
   of correlated marks, one of which is inert. Counted are the pairs of marks called significant at
   5 %, by what a single fit seems to show (mean over backgrounds against its standard error, marks
   removed or between quartiles) and against refits to additive labels; and, with a product of
   two marks in the labels, how often that pair is found.
2. Co-occurrence of marks that are independent, in the population, within a class, and in class
   maps: log2 odds ratios as they are, and held against what they should be.
3. Intervals over generated samples: their width at 200 and at 10,000 samples.
4. The two-sample AUROC of one generator by the number of genes that are handed in.

With a file of one cell (X, y, marks, gene_id, chrom), the first test is repeated on its signals,
with its labels and with additive ones.
"""

import argparse
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline

from histoexpr import (
    HistoneDataset,
    HistoneLinearClassifier,
    class_maps,
    generation_report,
    make_histone_cells,
    maps_cooccurrence,
    mark_cooccurrence,
    mark_interaction_matrix,
)
from histoexpr.utils import format_table

MARKS = ["activating", "second", "repressive", "inert"]
REGIONS = [-1000, 1000]


class Sums(TransformerMixin, BaseEstimator):
    """Logarithms of the sums over two halves of the window of each mark."""

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        X = np.asarray(X, dtype=float)
        n_samples, n_bins, n_marks = X.shape
        halves = X.reshape(n_samples, 2, n_bins // 2, n_marks).sum(axis=2)
        return np.log1p(halves).reshape(n_samples, -1)


def boosting():
    return make_pipeline(
        Sums(), HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=8, random_state=0)
    )


def simulate(n_genes, seed, product=0.0, correlation=0.5, n_bins=20):
    """Return signals of four correlated marks and labels in which they add up, but for a product.

    Effects are curved; the last mark has none. ``product`` is that of the two activating marks.
    """
    rng = np.random.default_rng(seed)
    covariance = np.full((4, 4), correlation) + (1 - correlation) * np.eye(4)
    level = rng.multivariate_normal(np.zeros(4), covariance, size=n_genes)
    X = rng.poisson(3 * np.exp(0.8 * level)[:, None], size=(n_genes, n_bins, 4))
    logit = 1.5 * np.tanh(level[:, 0]) + level[:, 1] - 0.8 * level[:, 2]
    logit = logit + product * level[:, 0] * level[:, 1]
    return X, (rng.random(n_genes) < 1 / (1 + np.exp(-logit))).astype(int)


def seems(table):
    """Return the share of pairs more than 1.96 standard errors over backgrounds from 0."""
    return np.mean(np.abs(table["interaction"]) > 1.96 * table["background_se"])


def interactions(n_sets, n_genes):
    """Count false and true positives."""
    found = {name: [] for name in ("removal", "quartiles", "null", "holm", "product")}
    power = []
    for seed in range(n_sets):
        X, y = simulate(n_genes, seed)
        model, shared = boosting().fit(X, y), {"backgrounds": X, "marks": MARKS}
        removed = {"contrast": "factors", "null": None}
        found["removal"].append(
            seems(mark_interaction_matrix(model, 1, **shared, **removed).table)
        )
        against = mark_interaction_matrix(model, 1, **shared, X=X, y=y, random_state=seed).table
        alone = mark_interaction_matrix(model, 1, **shared, null=None, random_state=seed).table
        found["quartiles"].append(seems(alone))
        found["null"].append((against["p_value"] < 0.05).mean())
        found["holm"].append((against["p_holm"] < 0.05).any())
        found["product"].append((against["product_p"] < 0.05).mean())
        X, y = simulate(n_genes, 1000 + seed, product=1.2)
        shared["backgrounds"] = X
        table = mark_interaction_matrix(boosting().fit(X, y), 1, **shared, X=X, y=y).table
        power.append(table[(table["mark_a"] == MARKS[0]) & (table["mark_b"] == MARKS[1])].iloc[0])
        print(f"data set {seed + 1} of {n_sets}", flush=True)
    rows = [
        ["additive labels, pairs called significant at 5 %", "share"],
        ["a single fit, marks removed, error over backgrounds", np.mean(found["removal"])],
        ["a single fit, between quartiles, error over backgrounds", np.mean(found["quartiles"])],
        ["against refits to additive labels", np.mean(found["null"])],
        ["  data sets with any pair after Holm's adjustment", np.mean(found["holm"])],
        ["product term of a logistic regression", np.mean(found["product"])],
        ["a product of 1.2 in the labels: found against the null",
         np.mean([row["p_value"] < 0.05 for row in power])],
        ["  found by the product term", np.mean([row["product_p"] < 0.05 for row in power])],
    ]  # fmt: skip
    show(f"1. Interactions, {n_sets} data sets of {n_genes} genes, boosting", rows)


def show(title, rows):
    lines = [[name, value if isinstance(value, str) else f"{value:.3f}"] for name, value in rows]
    print(f"\n{title}\n{format_table(lines, 1)}", flush=True)


def independent(n_genes, seed=0):
    """Return signals of three independent marks, and labels that add them up."""
    rng = np.random.default_rng(seed)
    level = rng.standard_normal((n_genes, 3))
    X = rng.poisson(3 * np.exp(0.8 * level)[:, None], size=(n_genes, 20, 3))
    logit = 2 * level.sum(axis=1)
    return X, (rng.random(n_genes) < 1 / (1 + np.exp(-logit))).astype(int)


def cooccurrence(n_genes):
    """Show odds ratios of marks that are independent."""
    X, y = independent(n_genes)
    shared = {"edges": REGIONS, "reference": X}
    of_all = mark_cooccurrence(X, **shared, strata=None).table
    within = mark_cooccurrence(X[y == 1], **shared, strata=None).table
    given = mark_cooccurrence(X, **shared, estimator=HistoneLinearClassifier().fit(X, y)).table
    model = HistoneLinearClassifier().fit(X, y)
    maps = class_maps(model, 1, method="data", X=X, probability=0.9, n_maps=n_genes // 8)
    found = maps_cooccurrence(model, maps, reference=X, edges=REGIONS, strata=None, random_state=0)
    upper = np.triu_indices(3, 1)

    def mean(values):
        return float(np.asarray(values)[0, :, 0, :][upper].mean())

    rows = [
        ["independent marks, log2 odds ratio, mean of three pairs", "log2 odds"],
        ["all genes", of_all["log2_odds"].mean()],
        ["within the expressed class", within["log2_odds"].mean()],
        ["all genes, given what the other mark predicts", given["log2_odds"].mean()],
        ["class maps at p = .9", mean(found.log2_odds)],
        ["  the null of unpaired marks", mean(found.null_mean)],
        ["  class maps less the null", mean(found.excess)],
        ["  standard deviation of the null", mean(found.null_sd)],
    ]
    show(f"2. Co-occurrence, {n_genes} genes", rows)
    made = {n: mark_cooccurrence(independent(n, 1)[0], **shared, strata=None, generated=True)
            for n in (200, 10_000)}  # fmt: skip
    rows = [["generated samples", "intervals that are given"]]
    rows += [[f"{n:,}", f"{int(one.table['low'].notna().sum())} of {len(one.table)}"]
             for n, one in made.items()]  # fmt: skip
    show("3. Intervals over samples whose number is the user's choice", rows)


class Scattered(BaseEstimator):
    """A generator that gives back training genes with each mark of another gene of the class."""

    def __init__(self, X, y):
        self.X, self.y = X, y

    def fit(self):
        self.classes_, self.counts_, self.random_flip_ = np.unique(self.y), True, False
        self.n_bins_in_, self.n_marks_in_ = self.X.shape[1:]
        self.n_features_in_ = self.n_bins_in_
        return self

    def sample(self, n_samples, y=None, *, cell=None, random_state=None):
        rng = np.random.default_rng(random_state.randint(2**31 - 1))
        made = np.empty((n_samples, *self.X.shape[1:]))
        for label in self.classes_:
            rows, of_class = np.flatnonzero(y == label), np.flatnonzero(self.y == label)
            for mark in range(self.n_marks_in_):
                made[rows, :, mark] = self.X[rng.choice(of_class, len(rows)), :, mark]
        return made


def two_samples():
    """Show the two-sample AUROC of one generator by the number of genes that are handed in."""
    data = make_histone_cells(n_cells=1, n_genes=3000, random_state=0)
    train, test = data[:1500], data[1500:]
    generator = Scattered(train.X, train.y).fit()
    rows = [["test genes handed in, n compared", "AUROC (95 % interval; real against real)"]]
    for n_genes, n in ((200, 200), (1000, 200), (1000, 500)):
        report = generation_report(
            generator, test[:n_genes], X_train=train, n=n, n_repeats=2, random_state=0
        )
        line = report.table.loc["two_sample"]
        text = f"{line['generator']:.2f} ({line['generator low']:.2f} to "
        text += f"{line['generator high']:.2f}; {line['real']:.2f})"
        rows.append([f"{n_genes:,}, {report.n}", text])
    show("4. Two-sample AUROC of one generator", rows)


def real_interactions(path, n_genes):
    """Count pairs on the signals of a cell, with its labels and with additive ones."""
    with np.load(path, allow_pickle=False) as file:
        X, y, marks = file["X"], file["y"].astype(int), [str(mark) for mark in file["marks"]]
        gene, chrom = file["gene_id"].astype(str), file["chrom"].astype(str)
    rows = np.random.default_rng(0).permutation(len(X))[:n_genes]
    columns = {"gene": gene[rows], "chrom": chrom[rows], "marks": marks, "oriented": True}
    data = HistoneDataset(X[rows], y[rows], cell=np.repeat("cell", n_genes), **columns,
                          bin_size=10_000 // X.shape[1])  # fmt: skip
    additive = HistoneLinearClassifier().fit(data).predict_proba(data)[:, 1]
    drawn = (np.random.default_rng(1).random(n_genes) < additive).astype(int)
    lines = [["labels", "largest interaction", "seem significant", "p < .05", "after Holm"]]
    for name, labels in (("its own", data.y), ("additive", drawn)):
        of = data.replace(y=labels)
        table = mark_interaction_matrix(clone(boosting()).fit(of.X, labels), 1,
                                        backgrounds=of.X, marks=marks, y=labels, X=of.X,
                                        random_state=0).table  # fmt: skip
        counts = [seems(table) * len(table), (table["p_value"] < 0.05).sum(),
                  (table["p_holm"] < 0.05).sum()]  # fmt: skip
        largest = table["interaction"].abs().max()
        lines.append([name, f"{largest:.2f}", *(f"{c:.0f} of {len(table)}" for c in counts)])
    print(f"\n1b. {path.stem}, {n_genes} genes, boosting\n{format_table(lines, 1)}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--sets", type=int, default=10)
    parser.add_argument("--genes", type=int, default=400)
    args = parser.parse_args()
    cooccurrence(4000)
    two_samples()
    interactions(args.sets, args.genes)
    if args.file is not None:
        real_interactions(args.file, 2000)


if __name__ == "__main__":
    main()
