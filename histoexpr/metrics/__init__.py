"""Scores within, across and between cells, baselines, paired tests and bootstrap intervals.

Functions of labels, predictions and scores; nothing here fits a model of signals.
Imports ``datasets``, ``model_selection`` and utilities.
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
from ._blocks import Blocks, mean_interval, resampling_blocks
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
from ._fold_change import FoldChangeScores, fold_change_scores, score_changes
from ._gene_tables import BetweenCellsScore, gene_tables
from ._paired_tests import equivalence_test, friedman_ranks, holm, holm_known, paired_tests
from ._rank_baseline import RankReference, as_probability_of, rank_baseline
from ._switching import (
    score_direction,
    score_order,
    switching_accuracy,
    switching_roc_auc,
    unit_auroc,
)
from ._variable_genes import variable_genes, vary
from ._weighted_scores import WEIGHTED_SCORES, weighted_score
from ._within_gene import score_within_genes, within_gene_spearman

# The other names that are imported above are for other rooms
__all__ = [
    "BetweenCellsScore",
    "FoldChangeScores",
    "auroc",
    "binary_scores",
    "bootstrap_auroc",
    "bootstrap_mean",
    "cell_scores",
    "consensus_baseline",
    "equivalence_test",
    "expression_scores",
    "fold_change_scores",
    "friedman_ranks",
    "holm",
    "majority_baseline",
    "paired_tests",
    "rank_baseline",
    "switching_accuracy",
    "switching_roc_auc",
    "variable_genes",
    "within_gene_spearman",
]
