"""What a classifier has learned: generated signals from silent to expressed.

    python examples/plot_class_maps.py [FILE.npz] [FOLDER]

FILE.npz holds one cell type with the arrays X (n_genes, n_bins, n_marks) and y, and optionally
marks; without it, simulated genes are used. Trains a generator (some minutes), the CNN and the
12-parameter model and writes seven figures to FOLDER (default: the current one): the maps of
both classes by method and model, the path from silent to expressed, the profiles along it, the
co-occurrence of marks in the maps and in real genes (at the same distance from the TSS, and at
any two), the interactions of all marks, and that of two.
"""

import sys
from pathlib import Path

import numpy as np

from histoexpr import (
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    SignalGenerator,
    make_histone_cells,
)
from histoexpr.inspection import class_maps
from histoexpr.plots import (
    ClassMapDisplay,
    MarkCooccurrenceDisplay,
    MarkInteractionDisplay,
    MarkInteractionMatrixDisplay,
)

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]


def load(path):
    if path is None:
        data = make_histone_cells(n_cells=1, n_genes=400, random_state=0)
        return *data.return_X_y(), data.marks
    with np.load(path, allow_pickle=False) as file:
        X, y = file["X"], file["y"].astype(int)
        for name in ("marks", "mark_names"):
            if name in file:
                return X, y, file[name].tolist()
    if X.shape[2] == len(MARKS):
        return X, y, MARKS
    return X, y, [f"mark{number}" for number in range(1, X.shape[2] + 1)]


def main(path=None, folder="."):
    X, y, marks = load(path)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    generator = SignalGenerator(random_state=0, verbose=1).fit(X, y)
    cnn = HistoneCNNClassifier(max_epochs=15, random_state=0).fit(X, y)
    linear = HistoneLinearClassifier().fit(X, y)

    maps = {}
    for target, name in ((1, "expressed"), (0, "silent")):
        shared = {"generator": generator, "X": X, "probability": 0.9, "random_state": 0}
        maps[f"{name}: CNN, GAN"] = class_maps(cnn, target, **shared)
        maps[f"{name}: linear, GAN"] = class_maps(linear, target, **shared)
        maps[f"{name}: CNN, gradient"] = class_maps(cnn, target, method="gradient", **shared)
        maps[f"{name}: real genes"] = class_maps(cnn, target, method="data", **shared)
    display = ClassMapDisplay.from_maps(maps, marks=marks)
    display.figure_.savefig(folder / "class_maps.png", dpi=150)

    path_display = ClassMapDisplay.from_estimator(
        cnn,
        1,
        probabilities=[0.05, 0.35, 0.65, 0.95],
        marks=marks,
        generator=generator,
        random_state=0,
    )
    path_display.figure_.savefig(folder / "class_path.png", dpi=150)
    path_display.plot(kind="profile").figure_.savefig(folder / "class_profiles.png", dpi=150)

    sets, shared = {}, {"generator": generator, "probability": 0.9, "random_state": 0}
    for target, name in ((1, "expressed"), (0, "silent")):
        sets[f"{name}: CNN, GAN"] = class_maps(cnn, target, n_maps=256, **shared)
        sets[f"{name}: real genes"] = X[y == target]
    null = {"classifier": cnn, "generator": generator, "random_state": 0}
    together = MarkCooccurrenceDisplay.from_maps(sets, reference=X, marks=marks, **null)
    together.figure_.savefig(folder / "mark_cooccurrence.png", dpi=150)
    together.plot(kind="matrix").figure_.savefig(folder / "mark_cooccurrence_any.png", dpi=150)

    # what marks that only add up would give: fits to labels drawn from an additive model
    null = {"X": X, "y": y, "n_null": 10, "verbose": 1}
    screen = MarkInteractionMatrixDisplay.from_estimator(
        cnn, 1, backgrounds=X, marks=marks, **null
    )
    screen.figure_.savefig(folder / "mark_interactions.png", dpi=150)
    pair_of_marks = ("H3K4me3", "H3K36me3") if set(MARKS) <= set(marks) else marks[:2]
    pair = MarkInteractionDisplay.from_estimator(
        cnn,
        1,
        pair_of_marks,
        backgrounds=X,
        mark_names=marks,
        regions=((-500, 500), (1000, 50 * X.shape[1])),  # the TSS, and downstream of it
        **null,
    )
    pair.figure_.savefig(folder / "mark_interaction.png", dpi=150)
    print(
        f"Written to {folder.resolve()}: "
        + ", ".join(sorted(p.name for p in folder.glob("*.png")))
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
