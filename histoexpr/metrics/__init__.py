"""Scores of predictions within and across cells, and baselines to set beside them."""

from ._auroc import auroc, auroc_matrix
from ._baselines import consensus_baseline, majority_baseline
from ._binary import as_binary, as_scores, check_one_dimension
from ._cells import cell_scores, macro_mean
from ._scores import SCORES, binary_scores, expected_calibration_error

__all__ = [
    "SCORES",
    "as_binary",
    "as_scores",
    "auroc",
    "auroc_matrix",
    "binary_scores",
    "cell_scores",
    "check_one_dimension",
    "consensus_baseline",
    "expected_calibration_error",
    "macro_mean",
    "majority_baseline",
]
