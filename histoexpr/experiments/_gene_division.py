"""How the genes of a data set are divided where the caller leaves it open, and words on it."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

# With more genes on one chromosome a fold would be trained on too small a part of them
_LARGEST_SHARE = 2 / 3
_TRAINED_ON = "neighbours of test genes are trained on, which may raise scores"
# What name_test_genes returns of the predefined split
OF_SPLIT = "those of the predefined split"
# Who names others asks for the predefined split
_TRAIN_SPLITS = ("train",)


class GeneDivision(NamedTuple):
    """What genes are divided by, into how many folds, and a sentence that says so."""

    by: str
    n_splits: int
    said: str

    @property
    def tested(self):
        """What is tested in a few words, see name_test_genes."""
        return name_test_genes(self.said)


def divide_genes(dataset, genes, n_splits=5, train_splits=_TRAIN_SPLITS):
    """Return the GeneDivision of a data set.

    ``genes`` is one of GENE_DIVISIONS. "auto" takes whole chromosomes, as many folds as there are
    if fewer. Where a chromosome is not known, there is one, or one has more than two thirds of
    the genes, and where ``train_splits`` are not those of the default, it takes the predefined
    split; and random genes where there is none.
    """
    if genes == "auto":
        return _divide_best(dataset, n_splits, train_splits)
    if genes == "chromosome":
        return GeneDivision(genes, n_splits, f"Test genes: {n_splits} folds of whole chromosomes.")
    if genes == "kfold":
        return GeneDivision(genes, n_splits, _say_random(n_splits, "as asked for"))
    said = f"Test genes: {OF_SPLIT}."
    if _mixes_chromosomes(dataset, train_splits):
        said = (
            f"Test genes: {OF_SPLIT}, on chromosomes that are trained on, too; "
            "genes='chromosome' (--genes chromosome) holds whole ones out."
        )
    return GeneDivision(genes, n_splits, said)


def name_test_genes(said):
    """Return what a sentence of a GeneDivision says is tested, without reasons and advice.

    That of two sentences is the same if both divide the genes of a data set in the same way.
    """
    return re.match("(?:Test genes: )?([^,;.]*)", said)[1]


def _divide_best(dataset, n_splits, train_splits):
    has_split = dataset.split is not None and bool((dataset.split == "test").any())
    if has_split and tuple(train_splits) != _TRAIN_SPLITS:
        _check_train_splits(dataset, train_splits)
        return divide_genes(dataset, "split", n_splits, train_splits)
    why = _no_chromosomes(dataset)
    if not why:
        n_splits = min(n_splits, len(np.unique(dataset.chrom)))
        said = f"Test genes: {n_splits} folds of whole chromosomes"
        if has_split:
            said += ", not the predefined split; genes='split' (--genes split) uses that"
        return GeneDivision("chromosome", n_splits, f"{said}.")
    if not has_split:
        return GeneDivision("kfold", n_splits, _say_random(n_splits, why))
    _check_train_splits(dataset, train_splits)
    said = f"Test genes: {OF_SPLIT}, {why}"
    if _mixes_chromosomes(dataset, train_splits):
        said += f"; {_TRAINED_ON}"
    return GeneDivision("split", n_splits, f"{said}.")


def _say_random(n_splits, why):
    return f"Test genes: {n_splits} folds of random genes, {why}; {_TRAINED_ON}."


def _check_train_splits(dataset, train_splits):
    present = np.unique(dataset.split).tolist()
    absent = sorted({*train_splits} - {*present})
    if absent:
        raise ValueError(
            f"train_splits names {absent[0]!r}, but the splits of the data set are "
            f"{', '.join(present)}. Name one of these, or divide the genes with "
            "genes='chromosome' or 'kfold'."
        )


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
