"""Whether two marks tell more, or less, together than each alone."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import logit
from sklearn.utils.validation import check_array, check_is_fitted

from ..utils import bins_between, check_marks, require
from ._differentiable import class_number
from ._windows import signals_of

# Log-odds are taken from probabilities as far as ±13.8, one in a million: nearer to 0 and 1
# probabilities lose their digits, and those that count votes of trees jump to infinity.
_CERTAIN = 1e-6


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
        Standard error of ``scores - additive`` over the backgrounds and, if there were
        several classifiers, over them.
    levels : ndarray of shape (n_levels,)
        Factors by which the marks' signals, or the profile, were multiplied.
    marks : tuple of int
        The marks.
    target : label
        The class.
    regions : tuple of two (first, last) or None
        Where each mark was varied, in bp relative to the TSS; None is everywhere.
    """

    scores: np.ndarray
    additive: np.ndarray
    errors: np.ndarray
    levels: np.ndarray
    marks: tuple
    target: object
    regions: tuple = (None, None)

    @property
    def interaction(self):
        """Log-odds beyond the sum of the two effects: above 0 the marks help each other."""
        return self.scores - self.additive


@dataclass
class MarkInteractionMatrix:
    """What :func:`mark_interaction_matrix` found.

    Attributes
    ----------
    interaction : ndarray of shape (n_marks, n_marks)
        Log-odds of the class beyond the sum of the two effects, mean over the backgrounds;
        above 0 the marks help each other. NaN on the diagonal.
    errors : ndarray of shape (n_marks, n_marks)
        Standard error over the backgrounds and, if there were several, the classifiers.
    marks : list of str
        Names of the marks.
    target : label
        The class.
    """

    interaction: np.ndarray
    errors: np.ndarray
    marks: list
    target: object

    def rows(self):
        """Return one dict per pair with first_mark, second_mark, interaction and error."""
        return [
            {
                "first_mark": self.marks[j],
                "second_mark": self.marks[k],
                "interaction": float(self.interaction[j, k]),
                "error": float(self.errors[j, k]),
            }
            for j, k in combinations(range(len(self.marks)), 2)
        ]

    def to_frame(self):
        """Return :meth:`rows` as a DataFrame; needs pandas."""
        return require("pandas", "A table of interactions").DataFrame(self.rows())


def mark_interactions(
    classifier,
    target,
    marks,
    *,
    backgrounds,
    levels=(0.0, 0.5, 1.0, 2.0, 4.0),
    regions=None,
    profile=None,
    window=None,
    bin_size=100,
):
    """Vary two marks jointly and compare the class's score with the sum of each alone.

    In every background the signals of the two marks are brought to every pair of levels.
    The effect of a mark alone is measured with the other one removed (level 0).

    Parameters
    ----------
    classifier : classifier or list of classifiers
        Fitted, with ``predict_proba``. Several, such as fits from other seeds, are averaged,
        and the errors then tell what belongs to the data rather than to one fit. For a
        network this matters: on 200 real genes single fits of the CNN gave interactions ten
        standard errors from 0 whose sign changed with the seed. Log-odds end at ±13.8, a
        probability of one in a million, and the effects of marks with them, unless there is
        a ``decision_function`` that equals the log-odds.
    target : label
        The class.
    marks : tuple of two int
        Numbers of the marks along the last axis.
    backgrounds : ClassMaps or array-like of shape (n_samples, n_bins, n_marks)
        Signals to vary the marks in, such as ``generator.sample(200)``.
    levels : sequence of float, default=(0.0, 0.5, 1.0, 2.0, 4.0)
        Factors, not negative; 0 is added where it is missing.
    regions : tuple of two int, or two of them, optional
        First and last (exclusive) position in bp relative to the TSS between which both
        marks, or the first and the second, are varied; None is everywhere. For H3K4me3 at
        the TSS with H3K36me3 downstream: ``((-500, 500), (1000, 5000))``.
    profile : array-like of shape (n_bins, n_marks), optional
        Signals that level 1 stands for, such as ``maps.average`` of :func:`class_maps`; they
        take the place of those of the backgrounds. By default level 1 is each background's
        own signal, and a mark that it lacks it lacks at every level.
    window : tuple of two int, optional
        What the signals cover in bp relative to the TSS, for ``regions``; default centred.
    bin_size : int, default=100
        Width of a bin in bp.

    Returns
    -------
    MarkInteractions

    Raises
    ------
    ValueError
        If the marks are not two different ones of the signals, a level is negative, or a
        region or the profile does not fit the signals.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, make_histone_cells, mark_interactions
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> X, y = data.return_X_y()
    >>> linear = HistoneLinearClassifier(device="cpu").fit(X, y)
    >>> found = mark_interactions(linear, 1, (3, 1), backgrounds=X, levels=(1, 2))
    >>> bool(found.scores[2, 2] > found.scores[0, 0])  # both marks double, or removed
    True
    >>> bool(abs(found.interaction).max() < 1e-4)  # in a linear model marks add up
    True
    """
    classifiers = classifier if isinstance(classifier, list | tuple) else [classifier]
    if not classifiers:
        raise ValueError("classifier is an empty list; give one classifier or several.")
    columns = [class_number(_fitted(one), target) for one in classifiers]
    backgrounds = signals_of(backgrounds, "backgrounds")
    n_bins, n_marks = backgrounds.shape[1:]
    marks = tuple(int(mark) for mark in marks)
    if len(marks) != 2 or len(set(marks)) != 2 or not all(0 <= m < n_marks for m in marks):
        raise ValueError(
            f"marks must be two different numbers from 0 to {n_marks - 1}, got {marks}."
        )
    levels = np.unique([0.0, *levels])
    if levels[0] < 0:
        raise ValueError(f"levels must not be negative, got {levels[0]}.")
    regions = _one_per_mark(regions, 2)
    places = [_place(region, n_bins, window, bin_size) for region in regions]
    level_one = backgrounds if profile is None else _check_profile(profile, n_bins, n_marks)
    shape = len(levels), len(levels), len(classifiers), len(backgrounds)
    proba, decision = np.empty(shape), np.full(shape, np.nan)
    for at in np.ndindex(shape[:2]):
        varied = backgrounds.copy()
        for mark, place, level in zip(marks, places, levels[list(at)], strict=True):
            varied[:, place, mark] = level * level_one[..., place, mark]
        for number, (one, column) in enumerate(zip(classifiers, columns, strict=True)):
            proba[at][number] = one.predict_proba(varied)[:, column]
            if len(one.classes_) == 2 and hasattr(one, "decision_function"):
                decision[at][number] = one.decision_function(varied) * (1 if column else -1)
    odds = _log_odds(proba, decision)
    additive = odds[:, :1] + odds[:1] - odds[:1, :1]
    errors = np.sqrt(_variance_of_mean(odds - additive))
    return MarkInteractions(
        odds.mean(axis=(2, 3)), additive.mean(axis=(2, 3)), errors, levels, marks, target, regions
    )


def mark_interaction_matrix(
    classifier,
    target,
    *,
    backgrounds,
    regions=None,
    profile=None,
    marks=None,
    window=None,
    bin_size=100,
):
    """Screen all pairs of marks for interactions, with one figure for each.

    The figure is that of :func:`mark_interactions` at level 1 of both marks: the log-odds of
    the class with both, less those with either one removed, plus those with both removed. It
    is 0 in every background for a classifier in whose log-odds marks add up, such as a
    logistic regression on marks; in single precision it is 0 to about 1e-5. The errors of one
    classifier tell how far the figure depends on the backgrounds chosen, not what another fit
    would have learned: pass several for that.

    Parameters
    ----------
    classifier, target, backgrounds, profile
        See :func:`mark_interactions`.
    regions : tuple of two int, or one for each mark, optional
        Where the marks are varied, in bp relative to the TSS; None is everywhere.
    marks : list of str, optional
        Mark names.
    window, bin_size
        See :func:`mark_interactions`.

    Returns
    -------
    MarkInteractionMatrix

    Raises
    ------
    ValueError
        As :func:`mark_interactions`.

    Examples
    --------
    >>> from histoexpr import HistoneCNNClassifier, make_histone_cells
    >>> from histoexpr import mark_interaction_matrix
    >>> data = make_histone_cells(n_cells=1, n_genes=100, random_state=0)
    >>> X, y = data.return_X_y()
    >>> fits = [
    ...     HistoneCNNClassifier(max_epochs=2, random_state=seed, device="cpu").fit(X, y)
    ...     for seed in range(3)
    ... ]
    >>> matrix = mark_interaction_matrix(fits, 1, backgrounds=X, marks=data.marks)
    >>> sorted(matrix.rows()[0])
    ['error', 'first_mark', 'interaction', 'second_mark']
    """
    backgrounds = signals_of(backgrounds, "backgrounds")
    n_marks = backgrounds.shape[2]
    if n_marks < 2:
        raise ValueError("backgrounds has one mark; interactions take two or more.")
    marks = check_marks(marks, n_marks)
    regions = _one_per_mark(regions, n_marks)
    interaction = np.full((n_marks, n_marks), np.nan)
    errors = interaction.copy()
    for j, k in combinations(range(n_marks), 2):
        found = mark_interactions(
            classifier,
            target,
            (j, k),
            backgrounds=backgrounds,
            levels=(0, 1),
            regions=(regions[j], regions[k]),
            profile=profile,
            window=window,
            bin_size=bin_size,
        )
        interaction[j, k] = interaction[k, j] = found.interaction[1, 1]
        errors[j, k] = errors[k, j] = found.errors[1, 1]
    return MarkInteractionMatrix(interaction, errors, marks, target)


def _fitted(classifier):
    check_is_fitted(classifier)
    return classifier


def _log_odds(proba, decision):
    """Return log-odds; of a classifier whose decision function they are, without a limit.

    At a limit, marks that add up would seem to interact.
    """
    odds = logit(np.clip(proba, _CERTAIN, 1 - _CERTAIN))
    for number in range(odds.shape[2]):
        exact, known = decision[:, :, number], np.abs(proba[:, :, number] - 0.5) < 0.5 - _CERTAIN
        # Of logistic models and boosting it is the log-odds, of others something else.
        if known.any() and np.allclose(exact[known], odds[:, :, number][known], 1e-2, 1e-3):
            odds[:, :, number] = exact
    return odds


def _variance_of_mean(values):
    """Return the variance of the mean over the last two axes, classifiers and backgrounds."""
    n_classifiers, n_backgrounds = values.shape[2:]
    variance = values.mean(axis=2).var(axis=2, ddof=1) / n_backgrounds
    if n_classifiers > 1:
        variance += values.mean(axis=3).var(axis=2, ddof=1) / n_classifiers
    return variance


def _one_per_mark(regions, n_marks):
    """Return a region for each mark from one for all of them, or one each."""
    if regions is None or np.isscalar(regions[0]):
        return (regions,) * n_marks
    if len(regions) != n_marks:
        raise ValueError(
            f"regions must be one (first, last) or {n_marks} of them, one per mark, got "
            f"{len(regions)}."
        )
    return tuple(regions)


def _place(region, n_bins, window, bin_size):
    if region is None:
        return slice(None)
    return bins_between(region, n_bins, window=window, bin_size=bin_size, name="regions")


def _check_profile(profile, n_bins, n_marks):
    profile = check_array(profile, dtype=np.float64, input_name="profile")
    if profile.shape != (n_bins, n_marks):
        raise ValueError(
            f"profile must have the shape (n_bins, n_marks) = ({n_bins}, {n_marks}) of the "
            f"backgrounds, got {profile.shape}."
        )
    if profile.min() < 0:
        raise ValueError(f"profile must not be negative, got {profile.min()}.")
    return profile
