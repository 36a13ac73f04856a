"""From aligned reads to cross-validated classifiers.

    python examples/tracks_to_crossval.py [FOLDER]

FOLDER holds one file of reads for each mark, called CELL-MARK.tagAlign.gz, the genes as
genes.bed and their RPKM as expression.tsv. The default is a small set of real reads beside
the repository: five marks around 143 genes of the Roadmap cell type E003 (H1 embryonic stem
cells). That many genes teach little; the example shows the path, not a result.
"""

import sys
from pathlib import Path

from sklearn.model_selection import StratifiedKFold, cross_val_score

from histoexpr import HistoneCNNClassifier, HistoneLinearClassifier
from histoexpr.tracks import build_dataset

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data" / "e003_reads"


def find_tracks(folder):
    files = sorted(folder.glob("*.tagAlign.gz"))
    if not files:
        sys.exit(f"No files CELL-MARK.tagAlign.gz in {folder}. Name another folder.")
    return [(*file.name.removesuffix(".tagAlign.gz").split("-", 1), file) for file in files]


def main(folder=DEFAULT):
    folder = Path(folder)
    # Reads that overlap each bin of 100 bp within 5,000 bp of the TSS; label 1 is RPKM above
    # the cell's median.
    # Bins run along transcription if every gene has a strand; those of E003 do not all have one,
    # so that a warning says that theirs run along the genome.
    data = build_dataset(
        find_tracks(folder), folder / "genes.bed", folder / "expression.tsv", verbose=1
    )
    print(data)
    # data.save("e003") would keep it, with the counting rule and a report of what was read
    X, y = data.return_X_y()
    folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=0)
    classifiers = {
        "linear": HistoneLinearClassifier(random_state=0),
        "CNN": HistoneCNNClassifier(random_state=0),
    }
    for name, classifier in classifiers.items():
        scores = cross_val_score(classifier, X, y, cv=folds, scoring="roc_auc")
        print(f"{name:<7} AUROC {scores.mean():.3f} ± {scores.std():.3f} over {len(scores)} folds")


if __name__ == "__main__":
    main(*sys.argv[1:])
