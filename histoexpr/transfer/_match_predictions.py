"""Predictions in a new cell given the distribution of those in the training cells."""

import numpy as np
from scipy.special import expit

from ..preprocessing import describe_values
from ._log_odds import log_odds, shift_to_share


def match_predictions(predicted, training, *, share=None):
    """Return predictions in one cell with the quantiles of those for the training samples.

    ``share`` is that of the second class in the training samples where predictions are
    probabilities of it: their log-odds are matched, and moved to that mean probability. None is
    for other scores and for predicted levels. The order of samples stays; float64.
    """
    if share is None:
        scores = np.array(predicted, dtype=np.float64)
        return move_scores(scores, *score_map(scores, describe_values(np.asarray(training))))
    scores = log_odds(predicted)
    knots, targets = score_map(scores, describe_values(log_odds(training)))
    moved = np.sort(move_scores(scores, knots, targets))
    return expit(move_scores(scores, knots, targets, shift_to_share(moved, share)))


def score_map(scores, training):
    """Return knots and targets that give scores the distribution of those of training."""
    found = describe_values(scores)
    return found.values, training.quantiles(found.levels)


def move_scores(scores, knots, targets, shift=0.0):
    """Return scores mapped from knots to targets, if there are any, and shifted."""
    if knots is None:
        return scores + shift
    # beyond the ends as far from them as before
    inside = np.clip(scores, knots[0], knots[-1])
    return np.interp(inside, knots, targets) + (scores - inside) + shift
