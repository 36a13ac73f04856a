"""Interactions of marks in a classifier: log-odds beyond the sum of two marks' effects."""

from itertools import combinations
from numbers import Integral

import numpy as np
from scipy.special import logit
from sklearn.utils.validation import check_array, check_is_fitted

from ..utils import (
    HasMethods,
    are_numbers,
    bins_between,
    check_marks,
    name_marks,
    validate_params,
)
from ._differentiable import class_number
from ._interaction_results import MarkInteractionMatrix, MarkInteractions
from ._signals import (
    as_floats,
    common_marks,
    common_orientation,
    common_window,
    fitted_marks,
    marks_for,
    signals_and_marks,
)

# Probabilities nearer to 0 or 1 lose digits, and shares of the votes of trees are exactly 0 or 1:
# log-odds are taken from probabilities up to ±13.8 only.
_CERTAIN = 1e-6
_CLASSIFIERS = [HasMethods(["predict_proba"]), list, tuple]


@validate_params({"classifier": _CLASSIFIERS}, prefer_skip_nested_validation=True)
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
    bin_size=None,
    mark_names=None,
):
    """Measure the interaction of two marks in the log-odds of a class.

    In every background the signals of the two marks are multiplied by every pair of levels,
    and the log-odds compared with the sum of the effects of either mark alone.

    Parameters
    ----------
    classifier : classifier or list of classifiers
        Fitted, with ``predict_proba``. Several, such as fits with other seeds, are averaged,
        and the errors cover the fits as well. Single fits of the CNN on 200 real genes gave
        interactions ten standard errors from 0 whose sign changed with the seed.
    target : label
    marks : tuple of two str
        Names among ``mark_names``; numbers along the last axis are accepted as well.
    backgrounds : ClassMaps, HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        Signals to vary the marks in, such as ``generator.sample(200)``. Where they and the
        classifier have names of marks, these are matched.
    levels : sequence of float, default=(0.0, 0.5, 1.0, 2.0, 4.0)
        Factors, not negative; 0 is added where it is missing.
    regions : tuple of two int, or two of them, optional
        First and last (exclusive) position in bp relative to the TSS between which both
        marks, or the first and the second, are varied, such as
        ``((-500, 500), (1000, 5000))``; None is everywhere.
    profile : array-like of shape (n_bins, n_marks), optional
        Signals at level 1, such as ``maps.average`` of :func:`class_maps`. By default each
        background's own: a mark that it lacks is absent at every level.
    window : tuple of two int, optional
        What the signals cover in bp relative to the TSS, for ``regions``; default that of the
        data set or of the one that the classifier was fitted to, or centred.
    bin_size : int, optional
        Width of a bin in bp; default likewise, or 100.
    mark_names : list of str, optional
        Of the backgrounds; default their own, else those of the classifier, else ``mark1``,
        ``mark2``, ...

    Returns
    -------
    MarkInteractions

    Raises
    ------
    ValueError
        If the marks are not two different ones of the signals, they or the orientation are not
        those of the classifier, a level is no factor, or a region or the profile does not fit.

    Notes
    -----
    With ℓ(i, j) the log-odds of the class with the first mark at level i and the second at
    level j, the interaction is the difference of differences [1]_::

        I(i, j) = (ℓ(i, j) - ℓ(0, j)) - (ℓ(i, 0) - ℓ(0, 0))

    averaged over backgrounds and classifiers. Its variance is s²_b / n_b + s²_c / n_c, with
    s²_b the sample variance over the n_b backgrounds (of means over the classifiers) and
    s²_c that over the n_c classifiers (of means over the backgrounds); the second term is
    left out for one classifier.

    Log-odds are logit(p), undefined beyond a probability p of one in a million, where they
    would seem to interact; a ``decision_function`` is used instead if it equals them. A
    background counts if all four log-odds are defined for all classifiers, and I is NaN if
    fewer than two backgrounds or fewer than half of them count.

    References
    ----------
    .. [1] Cox (1984), Interaction, International Statistical Review 52(1).

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, make_histone_cells, mark_interactions
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> linear = HistoneLinearClassifier(device="cpu").fit(data)
    >>> found = mark_interactions(
    ...     linear, 1, ("H3K4me3", "H3K36me3"), backgrounds=data, levels=(1, 2)
    ... )
    >>> bool(found.scores[2, 2] > found.scores[0, 0])  # both marks double, or removed
    True
    >>> bool(abs(found.interaction).max() < 1e-4)  # in a linear model marks add up
    True
    """
    classifiers = _check_classifiers(classifier, target)
    sources = [backgrounds, *(one for one, _ in classifiers)]
    oriented = common_orientation(sources)
    window, bin_size = common_window(sources, window, bin_size)
    backgrounds, known = signals_and_marks(backgrounds, "backgrounds")
    names, classifiers = _match_marks(classifiers, known, mark_names, backgrounds, "mark_names")
    marks = _two_marks(marks, names)
    levels = _check_levels(levels)
    regions = _one_per_mark(regions, 2)
    fit = {"window": window, "bin_size": bin_size}
    pair = classifiers, target, marks, names, backgrounds, levels, regions, profile, fit
    found = _interact(*pair)
    found.oriented = oriented
    return found


@validate_params({"classifier": _CLASSIFIERS}, prefer_skip_nested_validation=True)
def mark_interaction_matrix(
    classifier,
    target,
    *,
    backgrounds,
    regions=None,
    profile=None,
    marks=None,
    window=None,
    bin_size=None,
):
    """Measure the interactions of all pairs of marks, one number for each.

    It is I(1, 1) of :func:`mark_interactions`: the log-odds of the class with both marks,
    less those with either one removed, plus those with both removed. It is 0, in single
    precision up to about 1e-5, if marks add up in the log-odds, as in a logistic regression.
    Errors of one classifier cover the choice of backgrounds; pass several to cover the fits.

    Parameters
    ----------
    classifier, target, backgrounds
        See :func:`mark_interactions`.
    regions : tuple of two int, or one for each mark, optional
        Where the marks are varied, in bp relative to the TSS; None is everywhere.
    profile : array-like of shape (n_bins, n_marks), optional
        See :func:`mark_interactions`.
    marks : list of str, optional
        Of the backgrounds; see ``mark_names`` of :func:`mark_interactions`.
    window : tuple of two int, optional
    bin_size : int, optional
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
    >>> fits = [
    ...     HistoneCNNClassifier(max_epochs=2, random_state=seed, device="cpu").fit(data)
    ...     for seed in range(3)
    ... ]
    >>> matrix = mark_interaction_matrix(fits, 1, backgrounds=data)
    >>> list(matrix.table)
    ['first_mark', 'second_mark', 'interaction', 'error']
    """
    classifiers = _check_classifiers(classifier, target)
    sources = [backgrounds, *(one for one, _ in classifiers)]
    common_orientation(sources)  # refuses those that differ
    window, bin_size = common_window(sources, window, bin_size)
    backgrounds, known = signals_and_marks(backgrounds, "backgrounds")
    n_marks = backgrounds.shape[2]
    if n_marks < 2:
        raise ValueError("backgrounds has one mark; interactions take two or more.")
    marks, classifiers = _match_marks(classifiers, known, marks, backgrounds, "marks")
    regions = _one_per_mark(regions, n_marks)
    fit = {"window": window, "bin_size": bin_size}
    interaction = np.full((n_marks, n_marks), np.nan)
    errors, levels = interaction.copy(), _check_levels((0, 1))
    for j, k in combinations(range(n_marks), 2):
        places = regions[j], regions[k]
        pair = classifiers, target, (j, k), marks, backgrounds, levels, places, profile, fit
        found = _interact(*pair)
        interaction[j, k] = interaction[k, j] = found.interaction[1, 1]
        errors[j, k] = errors[k, j] = found.errors[1, 1]
    return MarkInteractionMatrix(interaction, errors, marks, target)


def _check_classifiers(classifier, target):
    """Return fitted classifiers, each with the column of the class."""
    classifiers = classifier if isinstance(classifier, list | tuple) else [classifier]
    if not classifiers:
        raise ValueError("classifier is an empty list; give one classifier or several.")
    for one in classifiers:
        check_is_fitted(one)
    return [(one, class_number(one, target)) for one in classifiers]


def _match_marks(classifiers, known, given, backgrounds, name):
    """Return the names of the marks of backgrounds, and classifiers with what arranges signals.

    ``known`` are the names that the backgrounds bring, ``given`` those of the parameter ``name``.
    """
    n_marks = backgrounds.shape[2]
    if known is not None and not are_numbers(known):
        marks = known
    elif given is not None:
        marks = known = check_marks(given, n_marks)
    else:  # they are in the order of the classifiers, which has to be the same
        marks = None
        fitted = {f"classifier {n}": fitted_marks(one) for n, (one, _) in enumerate(classifiers)}
        known = common_marks(fitted) or known
    names = name_marks(given, known, n_marks, name)
    arranged = [marks_for(one, marks, "backgrounds") for one, _ in classifiers]
    return names, [(*pair, arrange) for pair, arrange in zip(classifiers, arranged, strict=True)]


def _interact(classifiers, target, marks, names, backgrounds, levels, regions, profile, fit):
    """Return the interaction of two marks, given by number, between pairs of levels."""
    n_bins, n_marks = backgrounds.shape[1:]
    fit = {**fit, "name": "regions"}
    places = [slice(None) if r is None else bins_between(r, n_bins, **fit) for r in regions]
    level_one = backgrounds if profile is None else _check_profile(profile, n_bins, n_marks)
    shape = len(levels), len(levels), len(classifiers), len(backgrounds)
    proba, decision = np.empty(shape), np.full(shape, np.nan)
    for at in np.ndindex(shape[:2]):
        varied = backgrounds.copy()
        for mark, place, level in zip(marks, places, levels[list(at)], strict=True):
            varied[:, place, mark] = level * level_one[..., place, mark]
        for number, (one, column, arrange) in enumerate(classifiers):
            signals = arrange(varied)
            proba[at][number] = one.predict_proba(signals)[:, column]
            if len(one.classes_) == 2 and hasattr(one, "decision_function"):
                decision[at][number] = one.decision_function(signals) * (1 if column else -1)
    summary = _summarise(_log_odds(proba, decision))
    return MarkInteractions(*summary, levels, tuple(names[m] for m in marks), target, regions)


def _two_marks(marks, names):
    """Return the numbers of two marks that are given as names or numbers."""
    given = list(marks) if np.ndim(marks) == 1 else []
    numbers = [names.index(m) if isinstance(m, str) and m in names else m for m in given]
    known = [isinstance(m, Integral) and not isinstance(m, bool) for m in numbers]
    if known != [True, True] or len({*numbers} & {*range(len(names))}) != 2:
        raise ValueError(
            f"marks must be two different names among {', '.join(names)}, or numbers from 0 to "
            f"{len(names) - 1}, got {marks!r}. Names are those in mark_names."
        )
    return tuple(int(m) for m in numbers)


def _check_levels(levels):
    """Return the levels in order, with 0 among them."""
    found = as_floats(levels)
    if found.ndim != 1 or not np.isfinite(found).all() or (found < 0).any():
        raise ValueError(f"levels must be factors, finite and not negative, got {levels!r}.")
    return np.unique([0.0, *found])


def _log_odds(proba, decision):
    """Return log-odds, NaN beyond the limit, where marks that add up would seem to interact."""
    certain = (proba <= _CERTAIN) | (proba >= 1 - _CERTAIN)
    odds = logit(np.where(certain, np.nan, proba))
    for number in range(odds.shape[2]):
        exact, limited = decision[:, :, number], odds[:, :, number]
        known = ~np.isnan(limited)
        # the decision function is the log-odds in logistic models and boosting only
        if known.any() and np.allclose(exact[known], limited[known], 1e-2, 1e-3):
            odds[:, :, number] = exact
    return odds


def _summarise(odds):
    """Return mean log-odds, those expected of additive marks, and the errors of the difference."""
    additive = odds[:, :1] + odds[:1] - odds[:1, :1]
    defined = ~np.isnan(odds + additive).any(axis=2)  # all four, for all classifiers
    summary = np.full((3, *defined.shape[:2]), np.nan)
    for i, j in np.ndindex(defined.shape[:2]):
        kept = defined[i, j]
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


def _check_profile(profile, n_bins, n_marks):
    params = {"dtype": np.float64, "ensure_non_negative": True, "input_name": "profile"}
    profile = check_array(profile, **params)
    if profile.shape != (n_bins, n_marks):
        raise ValueError(
            f"profile must have the shape (n_bins, n_marks) = ({n_bins}, {n_marks}) of the "
            f"backgrounds, got {profile.shape}."
        )
    return profile
