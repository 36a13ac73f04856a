"""Cells made comparable without labels of the new one, on full-size cells.

    python benchmarks/cells_comparable.py FILE.npz ... [--train E012] [--shared-marks] [--cnn]

Files as for ``real_data.py``; cells of the same marks are compared with each other, or with
``--shared-marks`` all cells by the marks that all have. Without files
the cells are simulated, one of them at a third of the depth. Models are trained on one cell, on
folds of whole chromosomes, and tested on the other chromosomes of all cells. Ways to make cells
comparable: none; signals normalised by ``CellNormalizer``; predictions matched by
``CellPriorClassifier`` or ``CellPriorRegressor``; both.

For each model and way, means over pairs of cells: AUROC, log loss, Brier score and share called
expressed (half are) in the other cell, or R² of a regressor; of the genes whose label differs
between the two cells the share ordered rightly, and AUROC of the direction; Spearman's
correlation of the difference of scores with the log2 fold change; and, with three cells or more,
Spearman's correlation over cells within genes whose log2(RPKM + 1) varies (standard deviation
above 1). 95 % intervals are by chromosome, of the order.
"""

import argparse

import numpy as np
from real_data import folds_of, load, read_cells
from scipy.special import logit
from scipy.stats import rankdata, spearmanr
from sklearn.base import clone, is_regressor
from sklearn.metrics import brier_score_loss, log_loss, r2_score, roc_auc_score
from sklearn.pipeline import make_pipeline

from histoexpr import CellNormalizer, CellPriorClassifier, CellPriorRegressor, HistoneDataset
from histoexpr.experiments import MODELS
from histoexpr.utils import format_table

OF_MODELS = ("regions", "boosting", "regions-regressor", "boosting-regressor")
OF_CNN = ("cnn", "cnn-regressor")
METHODS = [("depth", "bin"), ("quantile", "bin"), ("quantile", "region"),
           ("power", "bin"), ("power", "region")]  # fmt: skip
HEAD = ["model", "signals", "predictions", "AUROC", "log loss", "Brier", "called on", "R2",
        "order right (95 %)", "direction", "rho", "within gene"]  # fmt: skip


def ways(model, methods):
    """Yield names and models, by what is done with signals and with predictions."""
    prior = CellPriorRegressor if is_regressor(model) else CellPriorClassifier
    matched = ["shift", "quantile"]
    for method in (None, *methods):
        inner = clone(model)
        if method is not None:
            inner = make_pipeline(CellNormalizer(method[0], level=method[1]), inner)
        yield " ".join(method or ["-"]), "-", inner
        if method in (None, ("depth", "bin"), ("quantile", "region")):
            for name in matched:
                yield " ".join(method or ["-"]), name, prior(inner, method=name)
            if method and not is_regressor(model):
                estimated = prior(inner, expressed="estimate", method="shift")
                yield " ".join(method), "estimate", estimated


def predict(model, cells, trained):
    """Return predictions by cell, of models trained on the other chromosomes of one cell."""
    found = {name: np.empty(len(cell)) for name, cell in cells.items()}
    for train, test in folds_of(cells[trained]):
        part = cells[trained][train]
        y = np.log2(part.expression + 1) if is_regressor(model) else part.y
        fitted = clone(model).fit(part, y)
        for name, cell in cells.items():
            if is_regressor(model):
                found[name][test] = fitted.predict(cell[test])
            else:
                found[name][test] = fitted.predict_proba(cell[test])[:, 1]
    return found


def score_pair(first, second, before, after, regressor):
    """Return the scores of one pair of cells, trained on the first."""
    y, level = second.y, np.log2(second.expression + 1)
    kept = np.clip(after, 1e-6, 1 - 1e-6)
    absolute = [roc_auc_score(y, after)]
    if regressor:
        absolute += [np.nan, np.nan, np.nan, r2_score(level, after)]
        change = after - before
    else:
        called = np.mean(after > 0.5)
        absolute += [log_loss(y, kept), brier_score_loss(y, after), called, np.nan]
        change = logit(kept) - logit(np.clip(before, 1e-6, 1 - 1e-6))
    switched = first.y != y
    right = (change[switched] > 0) == (y[switched] == 1)
    fold_change = level - np.log2(first.expression + 1)
    between = [roc_auc_score(y[switched], change[switched]), spearmanr(change, fold_change)[0]]
    return absolute, right, first.chrom[switched], between


def interval_of(right, chrom):
    """Return the mean and its 95 % interval over chromosomes drawn with replacement."""
    names = np.unique(chrom)
    sums = np.array([[right[chrom == name].sum(), np.sum(chrom == name)] for name in names])
    drawn = np.random.default_rng(0).integers(len(names), size=(1000, len(names)))
    means = np.divide(*sums[drawn].sum(axis=1).T)
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{right.mean():.3f} ({low:.3f} to {high:.3f})"


def within_genes(cells, found):
    """Return the mean correlation over cells within genes that vary, NaN of two cells."""
    if len(cells) < 3:
        return np.nan
    levels = np.log2(np.column_stack([cell.expression for cell in cells.values()]) + 1)
    vary = levels.std(axis=1) > 1
    ranks = [rankdata(table[vary], axis=1)
             for table in (levels, np.column_stack([found[name] for name in cells]))]  # fmt: skip
    first, second = (table - table.mean(axis=1, keepdims=True) for table in ranks)
    size = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    return np.mean((first * second).sum(axis=1)[size > 0] / size[size > 0])


def read_shared(paths):
    """Return one data set of all cells, with the marks that all have."""
    parts = [load(path) for path in paths]
    marks = [mark for mark in parts[0].marks if all(mark in part.marks for part in parts)]
    return [HistoneDataset.concat([part.select(marks=marks) for part in parts])]


def simulate(dataset):
    """Return simulated cells with the last at a third of the depth."""
    X = dataset.X.copy()
    last = dataset.cell == dataset.cells[-1]
    X[last] = np.random.default_rng(0).binomial(X[last], 1 / 3)
    return dataset.replace(X=X)


def measure(cells, names, trained):
    """Print the table of some models, trained on some cells."""
    lines = [HEAD]
    for name in names:
        lines.append(None)
        for signals, predictions, model in ways(MODELS[name].factory(), METHODS):
            known = [key for key in model.get_params() if key.endswith("random_state")]
            model.set_params(**dict.fromkeys(known, 0))
            pairs, inner = [], []
            for first in trained:
                found = predict(model, cells, first)
                inner.append(within_genes(cells, found))
                for second in [cell for cell in cells if cell != first]:
                    both = cells[first], cells[second], found[first], found[second]
                    pairs.append(score_pair(*both, is_regressor(model)))
            absolute, right, chrom, between = zip(*pairs, strict=True)
            means = [*np.mean(absolute, axis=0), *np.mean(between, axis=0), np.mean(inner)]
            texts = ["" if np.isnan(mean) else f"{mean:.3f}" for mean in means]
            order = interval_of(np.concatenate(right), np.concatenate(chrom))
            texts.insert(5, order)
            lines.append([MODELS[name].label, signals, predictions, *texts])
            print(" | ".join(lines[-1]), flush=True)
    print("\n" + format_table(lines, 3) + "\n")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*")
    parser.add_argument("--train", nargs="+", help="cells to train on (default all)")
    parser.add_argument("--models", nargs="+", default=OF_MODELS, choices=MODELS)
    parser.add_argument("--shared-marks", action="store_true", help="of all cells, those marks")
    parser.add_argument("--cnn", action="store_true", help="the CNN instead, some minutes a fit")
    args = parser.parse_args()
    for dataset in read_shared(args.files) if args.shared_marks else read_cells(args.files):
        dataset = dataset if args.files else simulate(dataset)
        cells = {str(name): dataset.select(cells=name) for name in dataset.cells}
        if len(cells) < 2:
            continue
        print(f"\n{dataset}\n")
        trained = [cell for cell in cells if cell in (args.train or cells)]
        measure(cells, OF_CNN if args.cnn else args.models, trained)


if __name__ == "__main__":
    main()
