"""The score of a fitted estimator on samples, under many sets of weights of the samples."""

import numpy as np
from scipy.special import expit
from sklearn.utils import column_or_1d

from ..metrics import WEIGHTED_SCORES, weighted_score
from ..utils import is_missing

# What figures and tables call them
LABELS = {
    "roc_auc": "AUROC",
    "average_precision": "average precision",
    "log_loss": "log loss",
    "brier_score_loss": "Brier score",
    "r2": "R²",
    "pearson": "Pearson's r",
    "spearman": "Spearman's ρ",
    "root_mean_squared_error": "RMSE",
}
_LOSSES = ("log_loss", "brier_score_loss", "root_mean_squared_error")
_OF_PROBABILITIES = ("log_loss", "brier_score_loss")
_OF_LABELS = ("roc_auc", "average_precision", *_OF_PROBABILITIES)


class Scoring:
    """A score of model outputs, and what they are scored against.

    ``name`` and ``label`` are of the score; ``is_loss`` whether lower is better; ``y`` what is to
    be predicted, labels as 0 and 1.
    """

    def __init__(self, scoring, output, samples, y):
        classifies = output.column is not None
        self.name = ("roc_auc" if classifies else "r2") if scoring is None else scoring
        fitting = [*_OF_LABELS, "pearson", "spearman"] if classifies else list(WEIGHTED_SCORES)
        if not classifies:
            fitting = [name for name in fitting if name not in _OF_PROBABILITIES]
        if self.name not in fitting:
            kind = "classifier" if classifies else "regressor"
            raise ValueError(
                f"scoring is {scoring!r}; for a {kind} it is one of {', '.join(fitting)}."
            )
        self.label, self.is_loss = LABELS[self.name], self.name in _LOSSES
        y = self._measured(samples, y)
        self.y = self._as_labels(y, output) if self.name in _OF_LABELS else _as_numbers(y)

    def _measured(self, samples, y):
        """Return what is given, else the column of the data set that this score is of."""
        if y is None and samples.dataset is None:
            raise ValueError("y is missing: give labels or expression of the samples in X.")
        if y is None:
            target = "label"
            if self.name not in _OF_LABELS:
                pairs = getattr(samples.dataset, "log2_fold_change", None) is not None
                target = "log2_fold_change" if pairs else "log2_expression"
            return samples.dataset.return_X_y(target=target)[1]
        y = column_or_1d(y)
        if len(y) != len(samples):
            raise ValueError(f"y has {len(y)} samples, but X has {len(samples)}.")
        return y

    def _as_labels(self, y, output):
        values = set(np.asarray(y).tolist())
        if any(is_missing(value) for value in values):
            raise ValueError("y lacks labels of some samples; leave these out of X and y.")
        known = [0, 1] if output.column is None else np.asarray(output.estimator.classes_).tolist()
        if unknown := sorted(map(str, values - set(known))):
            raise ValueError(
                f"y has the labels {', '.join(unknown[:5])}, which are not among {known}. Leave "
                f"these samples out, or score against numbers with scoring='spearman'."
            )
        labels = np.asarray(y) == (1 if output.column is None else output.target)
        if labels.all() or not labels.any():
            raise ValueError(
                f"y has samples of one class only, of which {self.label} is not defined. Give "
                "samples of both."
            )
        return labels.astype(np.float64)

    def __call__(self, predicted, weights=None):
        """Return scores (n_sets,) of model outputs (n_samples,) under sets of weights."""
        if weights is None:
            weights = np.ones((len(predicted), 1), dtype=np.float32)
        if self.name in _OF_PROBABILITIES:
            predicted = expit(predicted)
        return weighted_score(self.name, self.y, predicted, weights)

    def worse(self, intact, changed):
        """Return by how much changed scores are worse than the intact ones."""
        return changed - intact if self.is_loss else intact - changed


def _as_numbers(y):
    try:
        y = np.asarray(y, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("y has text; expected numbers, such as log2(RPKM + 1).") from error
    if not np.isfinite(y).all():
        raise ValueError("y has missing or infinite values; leave these samples out of X and y.")
    if (y == y[0]).all():
        raise ValueError("y has one value only; give samples that differ.")
    return y
