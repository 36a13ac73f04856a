"""Genes of a cell without RNA-seq: signals, reference cells, and both.

    python benchmarks/new_cell.py pairs EXPRESSION FILE.npz FILE.npz ... [--leave-out E003 E004]
    python benchmarks/new_cell.py cells EXPRESSION FILE.npz FILE.npz ... [--kept E012 E028 E070]

FILE is as for ``real_data.py``, one cell each; EXPRESSION a table of genes × cells that
``read_expression`` reads. Without both, cells and references are simulated. All folds are of whole
chromosomes: no test gene has been trained on in any cell, and of the new cell no label at all.

``pairs``: trained on one cell, tested on another, both of them taken out of the references, and so
are the cells of ``--leave-out``; ``--references 10`` leaves so many, drawn at random. ``cells``:
the cells of ``--kept`` (by default each in turn) are taken out of training and references.

Genes that vary: on in a tenth to nine tenths of the references. Within-gene correlation is over
test cells, of genes with a standard deviation above 1 of log2(RPKM + 1) in them. Intervals are by
chromosome.
"""

import argparse
import time

import numpy as np
import pandas as pd
from real_data import folds_of, load
from sklearn.metrics import log_loss, roc_auc_score

from histoexpr import (
    HistoneDataset,
    ReferenceClassifier,
    ReferenceRegressor,
    make_histone_cells,
    read_expression,
    variable_genes,
)
from histoexpr.metrics import within_gene_spearman
from histoexpr.utils import format_table

PARTS = {"signals": "signals", "reference": "references", "probability": "both"}
N_RESAMPLES = 200


def read(args, n_cells):
    """Return cells by name, and the references as a frame."""
    if args.expression is None:
        print("No files are given: cells and references are simulated.")
        data, table = make_histone_cells(
            n_cells, 6000, n_reference_cells=50, label="median", random_state=0
        )
        return {name: data.select(cells=name) for name in data.cells}, table.to_frame()
    cells = {cell.cells[0]: cell for cell in map(load, args.files)}
    table = read_expression(args.expression).to_frame()
    table.index = table.index.str.replace(r"\..*", "", regex=True)
    return cells, table[~table.index.duplicated()]


def varying(table, genes):
    on = (table > table.median()).reindex(genes).mean(axis=1)
    return on.between(0.1, 0.9).to_numpy()


def resampled(score, chrom, seed=0):
    """Return a score of all samples, and 2.5 and 97.5 % of those with chromosomes resampled."""
    rng = np.random.default_rng(seed)
    rows_of = [np.flatnonzero(chrom == name) for name in np.unique(chrom)]
    draws = rng.integers(len(rows_of), size=(N_RESAMPLES, len(rows_of)))
    scores = [score(np.concatenate([rows_of[i] for i in draw])) for draw in draws]
    return score(np.arange(len(chrom))), *np.nanquantile(scores, [0.025, 0.975])


def in_words(found):
    value, low, high = found
    return f"{value:.4f} ({low:.3f} to {high:.3f})"


def calibration(y, p, n_bins=10):
    """Return the mean difference of probability and share, over ten equal parts of the genes."""
    parts = np.array_split(np.argsort(p, kind="stable"), n_bins)
    return sum(len(i) * abs(p[i].mean() - y[i].mean()) for i in parts) / len(y)


def held_out_genes(data):
    """Yield the genes of each fold of chromosomes."""
    one = data.select(cells=data.cells[0])
    for _, test in folds_of(one):
        yield one.gene[test]


def predict(train, new, table):
    """Return the parts of the probability for all genes of new cells, each out of its fold."""
    found = []
    for genes in held_out_genes(train):
        learned = ReferenceClassifier(reference=table).fit(train[~np.isin(train.gene, genes)])
        unseen = np.isin(new.gene, genes)
        parts = learned.learn_cells(new).explain(new)
        found.append(parts.assign(row=np.arange(len(new)))[unseen])
    return pd.concat(found).sort_values("row"), learned.cell_report(new)


def run_pairs(args):
    cells, table = read(args, 2)
    head = ["trained on", "test cell", "rests on", "AUROC", "genes that vary", "log loss",
            "called on", "calibration error"]  # fmt: skip
    lines, reports = [head], []
    start = time.process_time()
    for first, train in cells.items():
        for second, new in cells.items():
            if first == second:
                continue
            lines.append(None)
            marks = [mark for mark in train.marks if mark in new.marks]
            parts, report = predict(
                train.select(marks=marks), new.select(marks=marks),
                choose(table, [first, second, *args.leave_out], args.references),
            )  # fmt: skip
            reports.append(report.assign(trained_on=first))
            vary = varying(table, new.gene)
            for name, label in PARTS.items():
                lines.append([first, second, label, *scores(new, parts[name].to_numpy(), vary)])
    print(format_table(lines, 3))
    print(f"\n{pd.concat(reports).round(3).to_string()}")
    print(f"\n{time.process_time() - start:.0f} CPU s in all")


def choose(table, left_out, n_references):
    table = table.drop(columns=left_out, errors="ignore")
    return table if n_references is None else table.sample(n_references, axis=1, random_state=0)


def scores(new, p, vary):
    y, chrom = new.y, new.chrom
    rows = np.flatnonzero(vary)
    return [
        in_words(resampled(lambda i: roc_auc_score(y[i], p[i]), chrom)),
        in_words(resampled(lambda i: roc_auc_score(y[rows[i]], p[rows[i]]), chrom[rows])),
        f"{log_loss(y, p):.3f}",
        f"{np.mean(p > 0.5):.3f}",
        f"{calibration(y, p):.3f}",
    ]


def run_cells(args):
    cells, table = read(args, 6)
    start = time.process_time()
    turns = [args.kept] if args.kept else [[name] for name in cells]
    found = [test_of(cells, kept, table) for kept in turns]
    frame = pd.concat(found, ignore_index=True)
    lines = [["rests on", "AUROC", "genes that vary", "log loss", "within-gene Spearman"], None]
    for name, label in PARTS.items():
        mean = [
            np.mean([m_of(metric, part, name) for _, part in frame.groupby("cell")])
            for metric in ("auroc", "varying", "log loss")
        ]
        within = "" if name == "reference" else within_gene(frame, name)
        lines.append([label, *(f"{value:.4f}" for value in mean), within])
    for name, label in (("level, signals", "level by signals"), ("level", "level by both")):
        lines.append([label, "", "", "", within_gene(frame, name)])
    print(format_table(lines, 1))
    print(
        f"\n{frame['cell'].nunique()} test cells; {time.process_time() - start:.0f} CPU s in all"
    )


def m_of(metric, part, name):
    if metric == "log loss":
        return log_loss(part["y"], part[name])
    part = part[part["vary"]] if metric == "varying" else part
    return roc_auc_score(part["y"], part[name])


def within_gene(frame, name):
    measured = np.log2(frame["expression"].to_numpy() + 1)
    genes = variable_genes(
        measured, frame["gene"].to_numpy(), frame["cell"].to_numpy(), definition="sd"
    )
    found = within_gene_spearman(
        measured, frame[name].to_numpy(), gene=frame["gene"].to_numpy(), genes=genes,
        cell=frame["cell"].to_numpy(), chrom=frame["chrom"].to_numpy(),
    )  # fmt: skip
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f}, {found.n_genes:,} genes)"


def test_of(cells, kept, table):
    """Return the predictions for kept cells, by models of the others."""
    train = HistoneDataset.concat([cell for name, cell in cells.items() if name not in kept])
    new = HistoneDataset.concat([cells[name] for name in kept])
    table = table.drop(columns=kept, errors="ignore")
    found = []
    for genes in held_out_genes(train):
        part = train[~np.isin(train.gene, genes)]
        seen = new[np.isin(new.gene, genes)]
        parts, level = (
            model(reference=table).fit(part).learn_cells(new).explain(seen)
            for model in (ReferenceClassifier, ReferenceRegressor)
        )
        columns = {"level": level["prediction"], "level, signals": level["signals"]}
        columns |= {name: getattr(seen, name) for name in ("y", "expression", "chrom")}
        found.append(parts.assign(**columns, vary=varying(table, seen.gene)))
    return pd.concat(found)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    for name, run in (("pairs", run_pairs), ("cells", run_cells)):
        command = commands.add_parser(name)
        command.add_argument("expression", nargs="?")
        command.add_argument("files", nargs="*")
        if name == "pairs":
            command.add_argument("--leave-out", nargs="+", default=[])
            command.add_argument("--references", type=int)
        else:
            command.add_argument("--kept", nargs="+", default=[])
        command.set_defaults(run=run)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
