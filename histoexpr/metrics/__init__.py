"""Scores of predictions within and across cells, and baselines to set beside them."""

from ._auroc import auroc, auroc_matrix
from ._baselines import consensus_baseline, majority_baseline
from ._cells import cell_scores, macro_mean
from ._scores import SCORES, binary_scores, expected_calibration_error

__all__ = [
    "SCORES",
    "auroc",
    "auroc_matrix",
    "binary_scores",
    "cell_scores",
    "consensus_baseline",
    "expected_calibration_error",
    "macro_mean",
    "majority_baseline",
]
