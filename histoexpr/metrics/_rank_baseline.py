"""The baseline of expression ranks: how high the same gene stands in other cells."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from ._auroc import mean_ranks
from ._baselines import as_gene_names
from ._expression_scores import as_values
from ._labels_and_scores import binary_column

# Mean ranks are put together in so many bins to fit the probability: a million samples take
# milliseconds, and predictions change in the fourth digit
_N_BINS = 400


def rank_baseline(
    expression_train, gene_train, cell_train, gene_test, *, y_train=None, calibrate_on=None
):
    """Predict a gene from its mean expression rank in the training cells.

    The average activity of the same gene in other cells, which any model of a new cell has to
    beat. With some cells it is finer than the labels that :func:`consensus_baseline` averages.

    Parameters
    ----------
    expression_train : array-like of shape (n_train,)
        Expression in the training cells on any scale, of which only the order within each cell
        counts. The test genes, in other cells than those to predict, have to be among it.
    gene_train, cell_train : array-like of shape (n_train,)
        Gene and cell of each training sample.
    gene_test : array-like of shape (n_test,)
        Genes of the samples to predict.
    y_train : array-like of shape (n_train,), optional
        Labels of two classes of the training samples: probabilities are then returned.
    calibrate_on : array-like of bool of shape (n_train,), optional
        Training samples whose labels the probability is fitted to, such as those of training
        genes; default all.

    Returns
    -------
    ndarray of shape (n_test,)
        Mean rank between 0 and 1, one half for genes that do not occur in training; with
        ``y_train`` the probability of the positive class, of the same order.

    Raises
    ------
    ValueError
        If there is no training sample, lengths differ, expression is not finite, or labels are
        not of two classes.

    Notes
    -----
    The rank of a gene in a cell is (r - 1/2) / n, r its place among n genes from the lowest, ties
    having their mean place. The probability is the logistic function of a + b times the mean
    rank, where a and b are fitted to the labels of the training cells and the mean rank of each
    gene in the *other* training cells: a cell is no reference for itself. Of one training cell
    there are no others, and the mean rank itself is the probability.

    Mean activity over other cells is the baseline of Schreiber, Singh, Bilmes and Noble (2020, A
    pitfall for machine learning methods aiming to predict across cell types, Genome Biology
    21:282), who show that published models of cell types do not exceed it.

    Examples
    --------
    >>> from histoexpr.metrics import rank_baseline
    >>> expression, genes = [0.0, 2.0, 9.0, 1.0, 0.5, 7.0], ["a", "b", "c"] * 2
    >>> rank_baseline(expression, genes, ["E003"] * 3 + ["E116"] * 3, ["c", "b", "d"]).round(3)
    array([0.833, 0.333, 0.5  ])
    """
    expression = as_values(expression_train, "expression_train")
    gene_train, cell_train = as_gene_names(gene_train), np.asarray(cell_train)
    columns = {"gene_train": gene_train, "cell_train": cell_train}
    columns |= {} if calibrate_on is None else {"calibrate_on": np.asarray(calibrate_on)}
    for name, column in columns.items():
        if column.shape != expression.shape:
            raise ValueError(
                f"{name} has shape {column.shape}, but expression_train has {expression.shape}."
            )
    if calibrate_on is not None and columns["calibrate_on"].dtype != bool:
        raise ValueError("calibrate_on must be Boolean, one value for each training sample.")
    gene, genes = pd.factorize(gene_train)
    cell, cells = pd.factorize(cell_train)
    ranks = RankReference(expression, gene, cell)
    place = pd.Index(genes).get_indexer(as_gene_names(gene_test))
    mean = np.where(place < 0, 0.5, ranks.mean(np.maximum(place, 0)))
    if y_train is None:
        return mean
    positive = binary_column(y_train, "y_train")
    if positive.shape != expression.shape:
        raise ValueError(
            f"y_train has shape {positive.shape}, but expression_train has {expression.shape}."
        )
    rows = np.arange(len(gene)) if calibrate_on is None else np.flatnonzero(calibrate_on)
    if len(cells) < 2 or len(rows) == 0:
        return mean
    return as_probability_of(mean, ranks.mean(gene[rows], cell[rows]), positive[rows])


class RankReference:
    """Ranks of genes within cells, and their mean over all cells but some.

    ``gene`` and ``cell`` are numbers from 0; ``expression`` is NaN where it is not known.
    """

    def __init__(self, expression, gene, cell):
        known = ~np.isnan(expression)
        ranks = np.zeros(len(expression))
        for number in np.unique(cell):
            rows = np.flatnonzero(known & (cell == number))
            if len(rows):
                ranks[rows] = (mean_ranks(expression[rows]) - 0.5) / len(rows)
        self._n_cells = int(cell.max()) + 1
        place, size = gene * self._n_cells + cell, (int(gene.max()) + 1) * self._n_cells
        # of both, by gene and cell
        self._sums = np.bincount(place, ranks, size)
        self._counts = np.bincount(place, known, size)
        self._total, self._known = (
            part.reshape(-1, self._n_cells).sum(axis=1) for part in (self._sums, self._counts)
        )

    def mean(self, gene, *without):
        """Return the mean ranks of genes over all cells but some, one half where there are none.

        Each of ``without`` is the number of a cell, or that of each gene.
        """
        total, known = self._total[gene], self._known[gene]
        for cell in without:
            place = gene * self._n_cells + cell
            total, known = total - self._sums[place], known - self._counts[place]
        # what is left of a sum by rounding is no rank
        return np.where(known > 0, np.clip(total, 0, None) / np.maximum(known, 1), 0.5)


def as_probability_of(mean, fitted_mean, positive):
    """Return mean ranks as probabilities, by what a logistic fit finds of others with labels."""
    if len(positive) == 0 or positive.all() or not positive.any():
        return mean
    bins = np.minimum((fitted_mean * _N_BINS).astype(int), _N_BINS - 1)
    bins = 2 * bins + positive
    counts = np.bincount(bins, minlength=2 * _N_BINS)
    used = np.flatnonzero(counts)
    centres = np.bincount(bins, fitted_mean, 2 * _N_BINS)[used] / counts[used]
    model = LogisticRegression().fit(
        centres[:, None] - 0.5, used % 2, sample_weight=counts[used].astype(float)
    )
    # of the same order, even where labels and ranks disagree
    slope = max(model.coef_[0, 0], 1e-6)
    return 1 / (1 + np.exp(-(model.intercept_[0] + slope * (mean - 0.5))))
