"""What models predict: labels, and expression as log2(x + 1), and predictions held against it."""

import numpy as np
from sklearn.base import is_regressor

from ..metrics import auroc, expression_scores
from ..utils import shorten
from ._words import CLEAR_DISTANCE, CORRELATIONS, EXPRESSION, LABEL, LEAST_PROBABILITY


def target_of(estimator):
    """Return what an estimator is trained on: a regressor on expression, others on labels."""
    return EXPRESSION if is_regressor(estimator) else LABEL


def log2_expression(expression):
    """Return log2(x + 1), NaN where expression is not known; None where it has no such scale.

    Values below 0 are no RPKM or TPM, but logarithms or differences.
    """
    if expression is None:
        return None
    values = np.where(np.isfinite(expression), expression, np.nan).astype(np.float64)
    known = ~np.isnan(values)
    if not known.any() or values[known].min() < 0:
        return None
    return np.log2(values + 1)


def check_targets(data, estimators):
    """Raise ValueError if a data set lacks what a model is trained on, naming the model."""
    for name, estimator in estimators.items():
        kind = type(estimator).__name__
        if target_of(estimator) == LABEL:
            if data.y is None:
                raise ValueError(
                    f"Model {name!r} ({kind}) is trained on labels, and the data set has no "
                    "labels. Make them with histoexpr.labels.relabel, or use regressors."
                )
            continue
        expression = data.dataset.expression
        what = f"Model {name!r} ({kind}) is a regressor, which is trained on log2(expression + 1)"
        if expression is None:
            raise ValueError(
                f"{what}, and the data set has no expression. Give it with "
                "histoexpr.labels.relabel or dataset.replace(expression=...), or use classifiers."
            )
        wrong = np.flatnonzero(~np.isfinite(expression))
        if len(wrong):
            genes = shorten(data.dataset.gene[wrong], 3)
            raise ValueError(
                f"{what}, but the expression of {len(wrong)} of {len(expression)} samples is not "
                f"known, the first in row {wrong[0]} (genes {genes}). Leave them out: "
                "data.take(np.isfinite(data.expression))."
            )
        if data.expression is None:
            row = int(np.argmin(expression))
            raise ValueError(
                f"{what}, but expression is {expression[row]:g} in row {row}; expected RPKM or "
                "TPM, which are 0 or more. Undo the logarithm first."
            )


def clear_samples(y, expression, cell):
    """Return which samples lie clear of the cut-off between the labels of their cell, or None.

    The cut-off is half-way between the highest log2 expression of a negative sample of the cell
    and the lowest of a positive one, or, where labels do not follow expression, its median.
    ``cell`` are numbers of cells.
    """
    if y is None or expression is None:
        return None
    clear = np.zeros(len(y), dtype=bool)
    for number in np.unique(cell):
        rows = np.flatnonzero((cell == number) & ~np.isnan(expression))
        if len(rows) == 0:
            continue
        values, positive = expression[rows], y[rows] == 1
        cutoff = np.median(values)
        if positive.any() and not positive.all():
            low, high = values[~positive].max(), values[positive].min()
            cutoff = (low + high) / 2 if low <= high else cutoff
        clear[rows] = np.abs(values - cutoff) > CLEAR_DISTANCE
    return clear


def as_log_odds(proba):
    """Return the log-odds of probabilities, see LEAST_PROBABILITY."""
    proba = np.clip(np.asarray(proba, dtype=np.float64), LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    return np.log(proba / (1 - proba))


def score_part(y, part, predicted):
    """Return the AUROC over a part of the samples; NaN where they are all of one class."""
    y = y[part] == 1
    if not y.any() or y.all():
        return float("nan")
    return auroc(y, predicted[part])


def score_expression(expression, predicted, target, are_probabilities):
    """Return scores of predictions against log2 expression, over the samples where it is known.

    Predictions of labels have correlations alone.
    """
    known = ~np.isnan(expression)
    if not known.any():
        return {}
    predicted = as_log_odds(predicted) if are_probabilities else predicted
    scores = expression_scores(expression[known], predicted[known])
    if target == LABEL:
        return {name: scores[name] for name in CORRELATIONS}
    return scores
