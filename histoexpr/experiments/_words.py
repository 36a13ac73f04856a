"""The words of cross-cell experiments: regimes, targets, baselines and scores, each once."""

from ..metrics import EXPRESSION_SCORES, SCORES

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
# How cells are made comparable: the methods of CellNormalizer for signals, or predictions of cells
# that were not trained on given the distribution of those for the training samples
PREDICTIONS = "predictions"
NORMALIZATIONS = (PREDICTIONS, "quantile", "depth", "power")
GENE_DIVISIONS = ("auto", "split", "kfold", "chromosome")

# The experiments of an evaluation, by regime
SAME_CELL, ONE_OTHER, OTHERS = "same cell", "one other cell", "other cells"
# Of a model for all cells: trained on other genes of all of them, the test cell among them
ALL_CELLS = "all cells"
EVALUATION = {"own": SAME_CELL, "each": ONE_OTHER, "exclusive": OTHERS}

# What models are trained on: classifiers on labels, regressors on log2(expression + 1)
LABEL, EXPRESSION = "label", "log2_expression"

# What the column "experiment" of a table calls the baselines
BASELINE = "baseline"
# Mean label, mean expression rank (as a probability), or mean log2 expression, of the same gene in
# the other cells; share of positive labels, or mean log2 expression, of the training genes of the
# test cell
CONSENSUS, RANK, MAJORITY = "same-gene consensus", "same-gene rank", "majority class"
GENE_MEAN, TRAINING_MEAN = "same-gene mean", "mean of training genes"
# Baseline -> the cells that it is made from
BASELINES = {
    CONSENSUS: OTHERS,
    RANK: OTHERS,
    MAJORITY: SAME_CELL,
    GENE_MEAN: OTHERS,
    TRAINING_MEAN: SAME_CELL,
}
# Target -> the baseline that knows the same gene, and the score that is shown unless another
# is asked for
SAME_GENE = {LABEL: CONSENSUS, EXPRESSION: GENE_MEAN}
MAIN_SCORES = {LABEL: "roc_auc", EXPRESSION: "pearson"}

# Genes within so many log2 units of the cut-off of their cell's labels are not clear: an error
# of measurement decides their label
CLEAR_DISTANCE = 1.0
# Which genes of a test cell are variable: their label differs among the *other* cells. Chosen by
# the labels of the test cell, too, those that are on in it would be off elsewhere more often than
# not, and every baseline of the other cells would be worse than chance.
VARIABLE = "variable"
# Correlations within genes are over genes whose standard deviation of log2 expression over the
# test cells is above this: among others the order of cells is that of errors of measurement
LEAST_SD = 1.0
# Probabilities are kept this far from 0 and 1 before log-odds are taken, so that no single gene
# outweighs the others
LEAST_PROBABILITY = 1e-3

# What every result holds, NaN where it is not defined.
# Against the label: metrics.SCORES; the accuracy at 0.5 (0 for scores that are no probabilities)
# and at the threshold with the highest accuracy on the training samples; and the AUROC over the
# clear genes, and over the variable genes alone. A prediction of expression has the ranking ones
# of these: AUROC of all, clear and variable genes, and average precision.
# Against log2(expression + 1), over the genes of which it is known: metrics.EXPRESSION_SCORES.
# A classifier has Pearson's and Spearman's correlation of its log-odds or decision values.
RANKING_SCORES = ("roc_auc", "average_precision", "roc_auc_clear", "roc_auc_variable")
CORRELATIONS = ("pearson", "spearman")
RESULT_SCORES = (
    *(*SCORES, "accuracy", "transferred_accuracy", "roc_auc_clear", "roc_auc_variable"),
    *EXPRESSION_SCORES,
)
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
    "roc_auc_clear": "AUROC of clear genes",
    "roc_auc_variable": "AUROC of variable genes",
    "r2": "R²",
    "pearson": "Pearson’s r",
    "spearman": "Spearman’s ρ",
    "root_mean_squared_error": "root mean squared error",
}
# Scores of the same genes in several cells, of one model each: see histoexpr.metrics
BETWEEN_SCORES = {
    "switching_accuracy": "order right",
    "switching_roc_auc": "AUROC of direction",
    "within_gene_spearman": "within-gene ρ",
    "fold_change_pearson": "Pearson’s r of fold change",
    "fold_change_spearman": "Spearman’s ρ of fold change",
}
SMALLER_IS_BETTER = (
    "brier_score_loss",
    "log_loss",
    "expected_calibration_error",
    "root_mean_squared_error",
)
