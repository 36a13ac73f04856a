"""Genes × cells tables of measured and predicted values, and what is resampled of their genes."""

from numbers import Integral, Real
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..model_selection import check_groups
from ..utils import Interval, is_dataset
from ._bootstrap import draw_genes, expanded_interval
from ._labels_and_scores import as_float64, binary_column

# Genes whose chromosome is not known are resampled in so many groups at the most: with more the
# ends of an interval hardly move, and pairs of groups take long
_MOST_GROUPS = 100
# What all scores between cells take, see within_gene_spearman
BETWEEN_CELLS = {
    "genes": ["array-like", None],
    "confidence": [Interval(Real, 0, 1, closed="neither")],
    "n_resamples": [Interval(Integral, 1, None, closed="left")],
    "random_state": ["random_state"],
}


class BetweenCellsScore(NamedTuple):
    """A score of the same genes in several cells, with its interval.

    Attributes
    ----------
    value : float
        NaN where no gene counts.
    low, high : float
        Ends of the interval; NaN of too few chromosomes, at a confidence of 0.95 fewer than 6.
    n_genes : int
        Number of genes that count.
    n_pairs : int
        Number of (gene, pair of cells) among these, both cells being known.
    n_left_out : int
        Number of other genes: constant over cells, of one label, or known in too few cells.
    resampled : {"chrom", "gene"}
        What the interval is over: whole chromosomes, or genes as if they were independent, where
        chromosomes are not known.
    """

    value: float
    low: float
    high: float
    n_genes: int
    n_pairs: int
    n_left_out: int
    resampled: str


class GeneTables(NamedTuple):
    """Measured and predicted values (n_genes, n_cells), NaN where either is not known.

    ``unit`` is the number of what each gene is resampled with, of ``n_units``; ``resampled`` says
    what that is.
    """

    measured: np.ndarray
    predicted: np.ndarray
    genes: np.ndarray
    unit: np.ndarray
    n_units: int
    resampled: str

    def by_unit(self, values):
        """Return the sums of a value per gene over the genes of each unit."""
        return np.bincount(self.unit, values, self.n_units)


class UnitScore(NamedTuple):
    """A score that can be computed from how often each unit of genes is drawn.

    ``evaluate`` takes weights (n_units, n_sets) and returns (n_sets,). ``n_units`` are those with
    a gene that counts.
    """

    evaluate: callable
    n_genes: int
    n_pairs: int
    n_left_out: int
    n_units: int


def unit_score(tables, evaluate, counted, n_pairs):
    """Return a UnitScore; ``counted`` says which genes count, ``n_pairs`` their pairs of cells."""
    n_genes = int(np.count_nonzero(counted))
    n_units = len(np.unique(tables.unit[counted]))
    return UnitScore(evaluate, n_genes, int(n_pairs), len(counted) - n_genes, n_units)


def ratio_of_sums(numerator, denominator):
    """Return what evaluates a mean over units, from their sums and counts."""

    def evaluate(weights):
        total = denominator @ weights
        undefined = np.full(weights.shape[1], np.nan)
        return np.divide(numerator @ weights, total, out=undefined, where=total > 0)

    return evaluate


def with_interval(score, tables, confidence, n_resamples, random_state):
    """Return a UnitScore with its interval, as BetweenCellsScore."""
    [value] = score.evaluate(np.ones((tables.n_units, 1)))
    weights = draw_genes(tables.n_units, n_resamples, random_state).astype(np.float64)
    low, high = expanded_interval(score.evaluate(weights), score.n_units, confidence)
    counts = score.n_genes, score.n_pairs, score.n_left_out
    return BetweenCellsScore(float(value), low, high, *counts, tables.resampled)


def count_pairs(known):
    """Return the number of pairs of cells by gene, of a Boolean table (n_genes, n_cells)."""
    n_cells = known.sum(axis=1)
    return n_cells * (n_cells - 1) // 2


def label_tables(y_true, y_pred, gene, cell, chrom, genes=None):
    """Return GeneTables of labels 0.0 and 1.0, see :func:`gene_tables`."""
    return gene_tables(binary_column(y_true).astype(np.float64), y_pred, gene, cell, chrom, genes)


def gene_tables(y_true, y_pred, gene, cell, chrom, genes=None):
    """Return GeneTables of columns of samples, of the genes named in ``genes`` if given.

    ``gene`` may be a data set or its groups, which have all three columns. Samples of which
    ``y_true`` is NaN are left out. ValueError if lengths differ, a gene has two samples in a cell
    or lies on two chromosomes, or a chromosome is missing.
    """
    y_true = as_float64(y_true, "y_true")
    if y_true.ndim != 1 or len(y_true) == 0:
        raise ValueError(f"y_true has shape {y_true.shape}; expected one dimension, not empty.")
    if np.isinf(y_true).any():
        raise ValueError(f"y_true is infinite in row {np.isinf(y_true).argmax()}.")
    y_pred = as_float64(y_pred, "y_pred")
    if y_pred.shape != y_true.shape:
        raise ValueError(
            f"y_pred has shape {y_pred.shape}; expected {y_true.shape}, one number a sample."
        )
    wrong = np.flatnonzero(~np.isfinite(y_pred))
    if len(wrong):
        raise ValueError(
            f"y_pred is {y_pred[wrong[0]]} in row {wrong[0]} ({len(wrong)} such value(s)); "
            "expected finite numbers. Leave these samples out."
        )
    gene, cell, chrom = sample_columns(gene, cell, chrom, len(y_true))
    known = ~np.isnan(y_true)
    if genes is not None:
        if np.asarray(genes).ndim != 1 or np.asarray(genes).dtype.kind == "b":
            raise ValueError(
                f"genes is {genes!r}; expected names of genes, such as variable_genes returns."
            )
        known &= np.isin(gene, np.asarray(genes, dtype=str))
    values = np.column_stack([y_true, y_pred])[known]
    chrom = None if chrom is None else chrom[known]
    (measured, predicted), names, codes = spread(values, gene[known], cell[known])
    unit, n_units, resampled = _units(codes, names, chrom)
    return GeneTables(measured, predicted, names, unit, n_units, resampled)


def sample_columns(gene, cell, chrom, n_samples):
    """Return gene, cell and chromosome of each sample as text, chromosomes None if not known."""
    if cell is None:
        if not is_dataset(gene) and not hasattr(gene, "columns"):
            raise ValueError(
                "cell is missing. Give the cell of each sample, or as gene a HistoneDataset or "
                "its groups, which have both."
            )
        if chrom is not None:
            raise ValueError("chrom is given beside a data set, which has it. Leave it out.")
        groups = check_groups(gene, n_samples)
    else:
        given = {"cell": cell, "gene": gene}
        given |= {} if chrom is None else {"chrom": chrom}
        columns = {name: np.asarray(values) for name, values in given.items()}
        for name, values in columns.items():
            if values.shape != (n_samples,):
                raise ValueError(
                    f"{name} has shape {values.shape}; expected ({n_samples},), one a sample."
                )
        groups = check_groups(pd.DataFrame(columns), n_samples)
    if groups.gene is None:
        raise ValueError("The groups have no genes; expected a column 'gene' beside 'cell'.")
    has_chrom = groups.chrom is not None and (groups.chrom != "").any()
    return groups.gene, groups.cell, groups.chrom if has_chrom else None


def spread(values, gene, cell):
    """Return columns of samples as tables (n_genes, n_cells), names of genes, and their codes.

    ``values`` is (n_samples, n_columns); a table is NaN where there is no sample.
    """
    codes, names = pd.factorize(gene, sort=True)
    columns, cells = pd.factorize(cell, sort=True)
    place = codes * max(len(cells), 1) + columns
    times = np.bincount(place, minlength=1)
    if times.max() > 1:
        row = int(np.flatnonzero(times[place] > 1)[0])
        raise ValueError(
            f"Gene {gene[row]} has {times[place[row]]} samples in cell {cell[row]}; expected one. "
            "Leave the others out, or score the models apart that predicted them."
        )
    tables = np.full((values.shape[1], len(names) * len(cells)), np.nan)
    tables[:, place] = values.T
    return tables.reshape(len(tables), len(names), len(cells)), np.asarray(names), codes


def _units(codes, names, chrom):
    """Return the number of the unit of each gene, the number of units, and what they are."""
    if chrom is None:
        # by the order of names, not of samples; drawn, as genes of like names may be alike
        n_units = max(1, min(len(names), _MOST_GROUPS))
        return np.random.default_rng(0).permutation(len(names)) % n_units, n_units, "gene"
    numbers, chromosomes = pd.factorize(chrom, sort=True)
    unit = np.zeros(len(names), dtype=np.intp)
    unit[codes] = numbers
    for row in np.flatnonzero((chrom == "") | (numbers != unit[codes]))[:1]:
        if chrom[row] == "":
            raise ValueError(
                f"Gene {names[codes[row]]} has no chromosome, but others have. Leave it out, or "
                "give no chromosomes: genes are then resampled."
            )
        others = chromosomes[[numbers[row], unit[codes[row]]]]
        raise ValueError(f"Gene {names[codes[row]]} lies on {' and on '.join(others)}.")
    return unit, max(1, len(chromosomes)), "chrom"
