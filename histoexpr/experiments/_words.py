"""The words of cross-cell experiments: regimes, baselines and scores, each defined once."""

from ..metrics import SCORES

# Which cells a model is trained on, for each test cell
REGIMES = {
    "own": "the test cell",
    "each": "every cell singly",
    "inclusive": "several cells, the test cell among them",
    "exclusive": "several cells, without the test cell",
}
# How the regimes of several cells choose them
CHOICES = ("all", "random", "similar", "nearest")
SIMILARITIES = ("expression", "expression-legacy-shift", "signals")
VALIDATIONS = ("training-genes", "leaking-test-cell")
GENE_DIVISIONS = ("auto", "split", "kfold", "chromosome")

# The experiments of an evaluation, by regime
SAME_CELL, ONE_OTHER, OTHERS = "same cell", "one other cell", "other cells"
EVALUATION = {"own": SAME_CELL, "each": ONE_OTHER, "exclusive": OTHERS}

# What the column "experiment" of a table calls the baselines
BASELINE = "baseline"
CONSENSUS, MAJORITY = "same-gene consensus", "majority class"
# Baseline -> the cells whose labels it is made from
BASELINES = {CONSENSUS: OTHERS, MAJORITY: SAME_CELL}

# What every result holds: metrics.SCORES, and the accuracy at 0.5 (0 for scores that are no
# probabilities) and at the threshold with the highest accuracy on the training samples
RESULT_SCORES = (*SCORES, "accuracy", "transferred_accuracy")
# How text and figures call them
SCORE_NAMES = {
    "roc_auc": "AUROC",
    "average_precision": "average precision",
    "balanced_accuracy": "balanced accuracy",
    "brier_score_loss": "Brier score",
    "log_loss": "log loss",
    "expected_calibration_error": "calibration error",
    "accuracy": "accuracy at 0.5",
    "transferred_accuracy": "accuracy at transferred threshold",
}
SMALLER_IS_BETTER = ("brier_score_loss", "log_loss", "expected_calibration_error")
