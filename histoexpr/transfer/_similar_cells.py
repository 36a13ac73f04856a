"""Which reference cells a cell resembles, and what follows for its genes."""

from typing import NamedTuple

import numpy as np

# Penalty per gene, where deviations have the standard deviation 1: in proportion to the genes, so
# that part and whole of a cell are shrunk alike. The best of .007 to .2 over pairs of cells
_PENALTY = 0.07
# Parts that are left out in turn to see how much references explain
_PARTS = 5
# Fewer genes say too little of a cell
MIN_GENES = 200


class SimilarCells(NamedTuple):
    """How a cell resembles references.

    ``coef`` has the weight of each of ``cells``; ``explained`` is the share of what signals say
    beyond the mean of the references that their differences explain, on genes left out. Of a cell
    with too few genes the weights are 0 and ``explained`` is NaN.
    """

    cells: np.ndarray
    coef: np.ndarray
    explained: float

    def deviation(self, deviations):
        """Return the expected deviation of genes from the mean of the references."""
        return np.einsum("ij,j->i", deviations, self.coef)


def find_similar(expected, reference, genes):
    """Return the SimilarCells of a cell.

    ``expected`` is what its signals lead one to expect of its genes; ``reference`` the
    GeneReference of these, and ``genes`` their names: the order of the genes changes no bit.
    """
    order = np.argsort(genes, kind="stable")
    n_cells = len(reference.cells)
    if len(order) < MIN_GENES or n_cells < 2:
        return SimilarCells(reference.cells, np.zeros(n_cells), float("nan"))
    residual = _residual(expected[order], reference.summary[order])
    deviations = reference.deviations[order]
    scale = deviations.std()
    if scale == 0:
        return SimilarCells(reference.cells, np.zeros(n_cells), float("nan"))
    deviations = deviations / scale
    part = np.arange(len(order)) % _PARTS
    error = np.zeros(len(order))
    for number in range(_PARTS):
        left_out = part == number
        coef = _ridge(deviations[~left_out], residual[~left_out])
        error[left_out] = residual[left_out] - deviations[left_out] @ coef
    spread = np.mean(residual**2)
    explained = 0.0 if spread == 0 else max(0.0, 1 - float(np.mean(error**2) / spread))
    return SimilarCells(reference.cells, _ridge(deviations, residual) / scale, explained)


def _residual(expected, summary):
    """Return what is expected beyond a smooth function of the summary of the references."""
    _, rank, spread, on, log2, log2_spread = summary.T
    terms = np.column_stack(
        [np.ones(len(rank)), rank, rank**2, rank**3, on, spread, spread * rank, log2, log2_spread]
    )
    terms /= np.maximum(np.abs(terms).max(axis=0), 1e-12)
    fitted = np.linalg.lstsq(terms, expected, rcond=1e-8)[0]
    return expected - terms @ fitted


def _ridge(X, y):
    """Return the coefficients of ridge regression through the origin."""
    gram = X.T @ X
    gram[np.diag_indices_from(gram)] += _PENALTY * len(X)
    return np.linalg.solve(gram, X.T @ y)
