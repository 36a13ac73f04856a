"""Scores within and across cells, baselines, paired tests and bootstrap intervals.

Functions of labels, predictions and scores; nothing here fits a model.
Imports ``model_selection`` and utilities.
"""

from ._auroc import auroc, auroc_matrix
from ._baselines import consensus_baseline, majority_baseline
from ._binary_scores import (
    SCORES,
    binary_scores,
    check_predictions,
    expected_calibration_error,
    score_checked,
)
from ._bootstrap import (
    bootstrap_auroc,
    bootstrap_mean,
    draw_genes,
    expanded_interval,
    percentile_interval,
    weighted_auroc,
)
from ._cell_scores import cell_scores, macro_mean
from ._expression_scores import EXPRESSION_SCORES, expression_scores, pearson
from ._paired_tests import equivalence_test, friedman_ranks, holm, paired_tests
from ._weighted_scores import WEIGHTED_SCORES, weighted_score

# The other names that are imported above are for other rooms
__all__ = [
    "auroc",
    "binary_scores",
    "bootstrap_auroc",
    "bootstrap_mean",
    "cell_scores",
    "consensus_baseline",
    "equivalence_test",
    "expression_scores",
    "friedman_ranks",
    "holm",
    "majority_baseline",
    "paired_tests",
]
