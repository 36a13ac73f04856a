"""Whether two marks tell more, or less, together than each alone."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logit
from sklearn.utils.validation import check_is_fitted

from ._differentiable import class_number


@dataclass
class MarkInteractions:
    """What :func:`mark_interactions` found.

    Attributes
    ----------
    scores : ndarray of shape (n_levels, n_levels)
        Mean log-odds of the class with the first mark (rows) and the second (columns) at
        each level.
    additive : ndarray of shape (n_levels, n_levels)
        What they would be if the effects of the two marks added up.
    errors : ndarray of shape (n_levels, n_levels)
        Standard error of ``scores - additive`` over the backgrounds.
    levels : ndarray of shape (n_levels,)
        Factors by which the marks' signals were multiplied.
    marks : tuple of int
        The marks.
    target : label
        The class.
    """

    scores: np.ndarray
    additive: np.ndarray
    errors: np.ndarray
    levels: np.ndarray
    marks: tuple
    target: object

    @property
    def interaction(self):
        """Log-odds beyond the sum of the two effects: above 0 the marks help each other."""
        return self.scores - self.additive


def mark_interactions(
    classifier,
    target,
    marks,
    *,
    backgrounds,
    levels=(0.0, 0.5, 1.0, 2.0, 4.0),
):
    """Vary two marks jointly and compare the class's score with the sum of each alone.

    In every background the signals of the two marks are multiplied by every pair of levels.
    The effect of a mark alone is measured with the other one removed (level 0).

    Parameters
    ----------
    classifier : classifier
        Fitted, with ``predict_proba``.
    target : label
        The class.
    marks : tuple of two int
        Numbers of the marks along the last axis.
    backgrounds : array-like of shape (n_samples, n_bins, n_marks)
        Signals to vary the marks in, such as ``generator.sample(200)``.
    levels : sequence of float, default=(0.0, 0.5, 1.0, 2.0, 4.0)
        Factors, not negative; 0 is added where it is missing.

    Returns
    -------
    MarkInteractions

    Raises
    ------
    ValueError
        If the marks are not two different ones of the signals or a level is negative.
    """
    check_is_fitted(classifier)
    column = class_number(classifier, target)
    backgrounds = np.asarray(backgrounds, dtype=np.float64)
    if backgrounds.ndim != 3 or len(backgrounds) < 2:
        raise ValueError(
            "backgrounds must have shape (n_samples, n_bins, n_marks) with at least 2 samples, "
            f"got {backgrounds.shape}."
        )
    marks = tuple(int(mark) for mark in marks)
    if len(set(marks)) != 2 or not all(0 <= mark < backgrounds.shape[2] for mark in marks):
        raise ValueError(
            f"marks must be two different numbers from 0 to {backgrounds.shape[2] - 1}, "
            f"got {marks}."
        )
    levels = np.unique([0.0, *levels])
    if levels[0] < 0:
        raise ValueError(f"levels must not be negative, got {levels[0]}.")
    odds = np.empty((len(levels), len(levels), len(backgrounds)))
    for i, first in enumerate(levels):
        for j, second in enumerate(levels):
            varied = backgrounds.copy()
            varied[:, :, marks[0]] *= first
            varied[:, :, marks[1]] *= second
            proba = classifier.predict_proba(varied)[:, column]
            odds[i, j] = logit(np.clip(proba, 1e-6, 1 - 1e-6))
    additive = odds[:, :1] + odds[:1] - odds[:1, :1]
    errors = (odds - additive).std(axis=2, ddof=1) / np.sqrt(len(backgrounds))
    return MarkInteractions(
        odds.mean(axis=2), additive.mean(axis=2), errors, levels, marks, target
    )
