"""Whether two marks tell more, or less, together than each alone."""

from itertools import combinations
from numbers import Integral

import numpy as np
from scipy.special import logit
from sklearn.utils.validation import check_array, check_is_fitted

from ..utils import bins_between, check_marks
from ._differentiable import class_number
from ._interaction_results import MarkInteractionMatrix, MarkInteractions
from ._windows import signals_of

# Log-odds are taken from probabilities as far as ±13.8, one in a million: nearer to 0 and 1
# probabilities lose their digits, and those that count votes of trees jump to infinity.
_CERTAIN = 1e-6


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
    mark_names=None,
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
    marks : tuple of two int or str
        Numbers of the marks along the last axis, or their names among ``mark_names``.
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
    mark_names : list of str, optional
        Names of all marks of the signals.

    Returns
    -------
    MarkInteractions

    Raises
    ------
    ValueError
        If the marks are not two different ones of the signals, a level is no factor, or a
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
    marks = _two_marks(marks, mark_names, n_marks)
    levels = _check_levels(levels)
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
    summary = _summarise(_log_odds(proba, decision))
    return MarkInteractions(*summary, levels, marks, target, regions)


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


def _two_marks(marks, mark_names, n_marks):
    """Return the numbers of two marks that are given as numbers or names."""
    names = [] if mark_names is None else check_marks(mark_names, n_marks)
    given = list(marks) if np.ndim(marks) == 1 else []
    numbers = [names.index(m) if isinstance(m, str) and m in names else m for m in given]
    known = [isinstance(m, Integral) and not isinstance(m, bool) for m in numbers]
    if known != [True, True] or len({*numbers} & {*range(n_marks)}) != 2:
        or_names = ", or names of marks if mark_names tells them all"
        if names:
            or_names = f" or names among {', '.join(names)}"
        raise ValueError(
            f"marks must be two different numbers from 0 to {n_marks - 1}{or_names}, got "
            f"{marks!r}."
        )
    return tuple(int(m) for m in numbers)


def _check_levels(levels):
    """Return the levels in order, with 0 among them."""
    try:
        found = np.asarray(levels, dtype=float)
    except (TypeError, ValueError):
        found = np.array(np.nan)
    if found.ndim != 1 or not np.isfinite(found).all() or (found < 0).any():
        raise ValueError(f"levels must be factors, finite and not negative, got {levels!r}.")
    return np.unique([0.0, *found])


def _log_odds(proba, decision):
    """Return log-odds, NaN where they cannot be told.

    Beyond a limit, marks that add up would seem to interact.
    """
    certain = (proba <= _CERTAIN) | (proba >= 1 - _CERTAIN)
    odds = logit(np.where(certain, np.nan, proba))
    for number in range(odds.shape[2]):
        exact, told = decision[:, :, number], odds[:, :, number]
        known = ~np.isnan(told)
        # Of logistic models and boosting it is the log-odds, of others something else.
        if known.any() and np.allclose(exact[known], told[known], 1e-2, 1e-3):
            odds[:, :, number] = exact
    return odds


def _summarise(odds):
    """Return mean log-odds, what the sum of both effects makes of them, and their errors."""
    additive = odds[:, :1] + odds[:1] - odds[:1, :1]
    told = ~np.isnan(odds + additive).any(axis=2)  # with all four, by all classifiers
    summary = np.full((3, *told.shape[:2]), np.nan)
    for i, j in np.ndindex(told.shape[:2]):
        kept = told[i, j]
        if kept.sum() >= max(2, len(kept) / 2):
            found, expected = odds[i, j][:, kept], additive[i, j][:, kept]
            error = np.sqrt(_variance_of_mean(found - expected))
            summary[:, i, j] = found.mean(), expected.mean(), error
    return summary


def _variance_of_mean(values):
    """Return the variance of the mean over classifiers (rows) and backgrounds (columns)."""
    n_classifiers, n_backgrounds = values.shape
    variance = values.mean(axis=0).var(ddof=1) / n_backgrounds
    if n_classifiers > 1:
        variance += values.mean(axis=1).var(ddof=1) / n_classifiers
    return variance


def _one_per_mark(regions, n_marks):
    """Return a region for each mark from one for all of them, or one each."""
    if regions is None or np.isscalar(regions) or np.isscalar(regions[0]):
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
