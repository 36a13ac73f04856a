"""How the genes of a data set are divided where the caller leaves it open, and words on it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

# With more genes on one chromosome a fold would be trained on too small a part of them
_LARGEST_SHARE = 2 / 3
_TRAINED_ON = "neighbours of test genes are trained on, which may raise scores"


class GeneDivision(NamedTuple):
    """What genes are divided by, into how many folds, and a sentence that says so."""

    by: str
    n_splits: int
    said: str


def divide_genes(dataset, genes, n_splits, train_splits):
    """Return the GeneDivision of a data set.

    ``genes`` is one of GENE_DIVISIONS. "auto" takes the predefined split where there is one: who
    made the data set has decided. Else it takes whole chromosomes, as many folds as there are if
    fewer; and random genes only where a chromosome is not known, there is one, or one has more
    than two thirds of the genes.
    """
    if genes == "auto":
        if _has_split(dataset, train_splits):
            genes = "split"
        elif why := _no_chromosomes(dataset):
            return GeneDivision("kfold", n_splits, _say_random(n_splits, why))
        else:
            genes, n_splits = "chromosome", min(n_splits, len(np.unique(dataset.chrom)))
    if genes == "chromosome":
        return GeneDivision(genes, n_splits, f"Test genes: {n_splits} folds of whole chromosomes.")
    if genes == "kfold":
        return GeneDivision(genes, n_splits, _say_random(n_splits, "as asked for"))
    said = "Test genes: those of the predefined split."
    if _mixes_chromosomes(dataset, train_splits):
        said = (
            "Test genes: those of the predefined split, on chromosomes that are trained on, too; "
            "genes='chromosome' (--genes chromosome) holds whole ones out."
        )
    return GeneDivision(genes, n_splits, said)


def _say_random(n_splits, why):
    return f"Test genes: {n_splits} folds of random genes, {why}; {_TRAINED_ON}."


def _has_split(dataset, train_splits):
    present = [] if dataset.split is None else np.unique(dataset.split).tolist()
    absent = sorted({*train_splits} - {*present})
    if "test" in present and absent:
        raise ValueError(
            f"train_splits names {absent[0]!r}, but the splits of the data set are "
            f"{', '.join(present)}. Name one of these, or divide the genes with "
            "genes='chromosome' or 'kfold'."
        )
    return "test" in present


def _no_chromosomes(dataset):
    """Return why genes cannot be divided by chromosome, "" if they can."""
    chrom = dataset.chrom
    if chrom is None or (chrom == "").all():
        return "as chromosomes are not known"
    if n_unknown := int((chrom == "").sum()):
        return f"as the chromosomes of {n_unknown:,} samples are not known"
    genes = pd.DataFrame({"gene": dataset.gene, "chrom": chrom}).drop_duplicates()
    twice = genes["gene"][genes["gene"].duplicated()]
    if len(twice):
        return f"as gene {twice.iloc[0]} lies on two chromosomes"
    shares = genes["chrom"].value_counts(normalize=True)
    if len(shares) == 1:
        return f"as all lie on {shares.index[0]}"
    if shares.iloc[0] > _LARGEST_SHARE:
        return f"as {shares.iloc[0]:.0%} of them lie on {shares.index[0]}"
    return ""


def _mixes_chromosomes(dataset, train_splits):
    """Return whether test genes of the split lie on chromosomes that are trained on."""
    if dataset.chrom is None or dataset.split is None:
        return False
    train = np.isin(dataset.split, list(train_splits))
    shared = np.intersect1d(dataset.chrom[dataset.split == "test"], dataset.chrom[train])
    return bool((shared != "").any())
