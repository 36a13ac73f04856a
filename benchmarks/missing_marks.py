"""What a missing mark costs, and models that serve cells with different marks.

    python benchmarks/missing_marks.py within FILE.npz FILE.npz ...
    python benchmarks/missing_marks.py across TRAIN.npz TEST.npz TEST.npz ...
    python benchmarks/missing_marks.py network FILE.npz [--folds 2]

Files are those of ``real_data.py``, one cell each; without files the signals are simulated. All
folds are of whole chromosomes; no gene is trained on in any cell and tested.

``within``: each mark taken away in turn, then pairs: AUROC of ``MarkSubsetClassifier`` that is
fitted once on all marks, of a model of its own of the marks that are left, and of a model of all
marks that is given the mean of the missing one. ``across``: one ``MarkSubsetClassifier`` of the
first cell on the others, whatever marks they have, beside models of the other cells' own labels.
``network``: the CNN of each subset beside one CNN that is trained on copies of the samples with
random marks hidden, and told by further marks which are.
"""

import argparse
import itertools
import time

import numpy as np
from real_data import folds_of, load
from sklearn.metrics import roc_auc_score

from histoexpr import (
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    MarkSubsetClassifier,
    make_histone_cells,
)
from histoexpr.utils import format_table

N_COPIES = 4  # of each sample, for the network that learns with marks hidden


def regions():
    return HistoneLinearClassifier(n_regions=10)


def read(paths, n_cells):
    if paths:
        return [load(path) for path in paths]
    print("No files are given: these cells are simulated.")
    data = make_histone_cells(n_cells, 6000, random_state=0)
    return [data.select(cells=cell) for cell in data.cells]


def folds(cell, n_folds):
    yield from itertools.islice(folds_of(cell), n_folds)


def auroc(model, cell):
    return roc_auc_score(cell.y, model.decision_function(cell))


def without(marks, taken):
    return [mark for mark in marks if mark not in taken]


def run_within(args):
    lines = [["cell", "missing", "one model", "its own", "mean filled in", "of all marks"], None]
    for cell in read(args.files, 2):
        cases = [taken for size in (1, 2) for taken in itertools.combinations(cell.marks, size)]
        found, seconds = {taken: [] for taken in cases}, []
        for train, test in folds(cell, args.folds):
            start = time.process_time()
            served = MarkSubsetClassifier(regions()).fit(cell[train])
            seconds.append(time.process_time() - start)
            whole, new = regions().fit(cell[train]), cell[test]
            of_all = auroc(whole, new)
            for taken in cases:
                left = new.select(marks=without(cell.marks, taken))
                own = regions().fit(cell[train].select(marks=left.marks))
                filled = np.array(new.X, dtype=float)
                for mark in taken:
                    column = cell.marks.index(mark)
                    filled[:, :, column] = cell.X[train][:, :, column].mean(axis=0)
                scores = auroc(served, left), auroc(own, left), auroc(whole, new.replace(X=filled))
                found[taken].append((*scores, of_all))
        for taken, rows in found.items():
            means = [f"{value:.4f}" for value in np.mean(rows, axis=0)]
            lines.append([cell.cells[0], " + ".join(taken), *means])
        lines.append(None)
        print(f"{cell.cells[0]}: {len(served.models_)} models, {np.median(seconds):.2f} CPU s")
    print("\n" + format_table(lines[:-1], 2))


def run_across(args):
    first, *others = read(args.files, 4)
    if not args.files:
        kept = (
            first.marks[:2] + first.marks[3:],
            first.marks[:2] + first.marks[4:],
            first.marks[3:],
        )
        others = [cell.select(marks=marks) for cell, marks in zip(others, kept, strict=True)]
    lines = [["tested on", "marks", "one model", "own labels", "trained on, same marks"], None]
    for other in others:
        found = []
        for train, test in folds(first, args.folds):
            served = MarkSubsetClassifier(regions(), subsets=[first.marks, other.marks])
            served.fit(first[train])
            new = other[np.isin(other.gene, first.gene[test])]
            known = other[np.isin(other.gene, first.gene[train])]
            back = auroc(served, first[test].select(marks=other.marks))
            found.append((auroc(served, new), auroc(regions().fit(known), new), back))
        means = [f"{value:.4f}" for value in np.mean(found, axis=0)]
        lines.append([other.cells[0], str(other.n_marks), *means])
    print(f"Trained on {first.cells[0]}, {', '.join(first.marks)}\n\n{format_table(lines, 1)}")


def hidden(X, present):
    """Return signals with marks hidden, and one more mark for each that says which are there."""
    shown = present[:, None, :] & np.ones((1, X.shape[1], 1), dtype=bool)
    return np.concatenate([X * shown, shown], axis=2).astype(np.float32)


def learn_hidden(X, y, seed):
    """Return the CNN of samples once whole, and again with random marks hidden."""
    rng = np.random.default_rng(seed)
    shape = len(X), X.shape[2]
    masks = [np.ones(shape, dtype=bool)]
    for _ in range(N_COPIES - 1):
        n_shown = rng.integers(1, X.shape[2], (len(X), 1))
        masks.append(rng.random(shape).argsort(axis=1).argsort(axis=1) < n_shown)
    copies = np.concatenate([hidden(X, mask) for mask in masks])
    return HistoneCNNClassifier(random_state=seed).fit(copies, np.tile(y, N_COPIES))


def run_network(args):
    cell = read(args.files[:1], 1)[0]
    marks = list(range(cell.n_marks))
    cases = [
        marks,
        *([m for m in marks if m != missing] for missing in marks),
        marks[:2] + marks[4:],
    ]
    found, seconds = [[] for _ in cases], []
    for train, test in folds(cell, args.folds):
        start = time.process_time()
        once = learn_hidden(cell.X[train], cell.y[train], args.seed)
        seconds.append(time.process_time() - start)
        for kept, rows in zip(cases, found, strict=True):
            part = cell.select(marks=[cell.marks[mark] for mark in kept])
            start = time.process_time()
            cnn = HistoneCNNClassifier(random_state=args.seed).fit(part[train])
            seconds.append(time.process_time() - start)
            present = np.isin(marks, kept) & np.ones((len(test), 1), dtype=bool)
            score = once.decision_function(hidden(cell.X[test], present))
            linear = regions().fit(part[train])
            scores = auroc(cnn, part[test]), roc_auc_score(cell.y[test], score)
            rows.append((*scores, auroc(linear, part[test])))
    lines = [["marks", "CNN of its own", "one CNN, marks hidden", "ten regions"], None]
    for kept, rows in zip(cases, found, strict=True):
        names = ", ".join(cell.marks[mark] for mark in kept)
        lines.append([names, *(f"{value:.4f}" for value in np.mean(rows, axis=0))])
    first = slice(None, None, len(cases) + 1)
    hiding, own = np.median(seconds[first]), np.median(np.delete(seconds, first))
    print(f"CPU s of a fit: {hiding:.1f} with marks hidden, {own:.1f} of a subset\n")
    print(format_table(lines, 1))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("within", "across", "network"))
    parser.add_argument("files", nargs="*")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    {"within": run_within, "across": run_across, "network": run_network}[args.what](args)


if __name__ == "__main__":
    main()
