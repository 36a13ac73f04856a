"""What a classifier has learned: generated signals from silent to expressed.

    python examples/plot_class_maps.py [FILE.npz] [FOLDER]

FILE.npz holds one cell type with the arrays X (n_genes, n_bins, n_marks) and y, and optionally
marks; without it, simulated genes are used. Trains a generator (some minutes), the CNN and the
12-parameter model and writes four figures to FOLDER (default: the current one): the maps of
both classes by method and model, the path from silent to expressed, the profiles along it, and
the interaction of two marks.
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
from histoexpr.inspection import ClassMapDisplay, MarkInteractionDisplay, class_maps

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]


def load(path):
    if path is None:
        data = make_histone_cells(n_cells=1, n_genes=400, random_state=0)
        return *data.return_X_y(), data.marks
    with np.load(path, allow_pickle=False) as file:
        X, y = file["X"], file["y"].astype(int)
        given = next((file[name].tolist() for name in ("marks", "mark_names") if name in file), 0)
    return (
        X,
        y,
        given or (MARKS if X.shape[2] == 5 else [f"mark {k + 1}" for k in range(X.shape[2])]),
    )


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

    first, second = (3, 0) if X.shape[2] == 5 else (0, 1)
    pair = MarkInteractionDisplay.from_estimator(
        cnn,
        1,
        (first, second),
        backgrounds=generator.sample(200, random_state=0),
        names=(marks[first], marks[second]),
    )
    pair.figure_.savefig(folder / "mark_interaction.png", dpi=150)
    print(
        f"Written to {folder.resolve()}: "
        + ", ".join(sorted(p.name for p in folder.glob("*.png")))
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
