"""Scores of predictions within and across cells, and baselines to set beside them."""

from ._auroc import auroc, auroc_matrix
from ._baselines import consensus_baseline, majority_baseline
from ._cells import cell_scores, expected_calibration_error, macro_mean

__all__ = [
    "auroc",
    "auroc_matrix",
    "cell_scores",
    "consensus_baseline",
    "expected_calibration_error",
    "macro_mean",
    "majority_baseline",
]
