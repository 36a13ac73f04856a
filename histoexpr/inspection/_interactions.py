"""Interactions of two marks in a classifier: log-odds beyond the sum of their effects."""

import numpy as np

from ..utils import random_generator, validate_params
from ._additive_null import AdditiveNull
from ._interaction_results import MarkInteractions
from ._interaction_setup import (
    FACTORS,
    PARAMETERS,
    QUANTILES,
    check_fits,
    check_levels,
    make_levels,
    one_per_mark,
    read_backgrounds,
)
from ._measured_interactions import Interactions, Measured

_LEVELS = {QUANTILES: (0.1, 0.25, 0.5, 0.75, 0.9), FACTORS: (0.0, 0.5, 1.0, 2.0, 4.0)}


@validate_params(PARAMETERS, prefer_skip_nested_validation=True)
def mark_interactions(
    classifier,
    target,
    marks,
    *,
    backgrounds,
    contrast="quantiles",
    levels=None,
    regions=None,
    profile=None,
    null="additive",
    X=None,
    y=None,
    n_null=20,
    n_backgrounds=500,
    n_donors=1,
    window=None,
    bin_size=None,
    mark_names=None,
    random_state=0,
    verbose=0,
):
    """Measure the interaction of two marks in the log-odds of a class, level by level.

    In every background the two marks are set to every pair of levels, and the log-odds compared
    with the sum of the effects of either mark alone. :func:`mark_interaction_matrix` screens all
    pairs of marks between two levels.

    Parameters
    ----------
    classifier : classifier or list of classifiers
        Fitted, with ``predict_proba``. Several, such as fits with other seeds, are averaged.
    target : label
    marks : tuple of two str
        Names among ``mark_names``; numbers along the last axis are accepted as well.
    backgrounds : ClassMaps, HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        Signals to vary the marks in, such as genes or ``generator.sample(500)``. Where they and
        the classifier have names of marks, these are matched.
    contrast : {"quantiles", "factors"}, default="quantiles"
        What levels are. A quantile stays inside the data: the mark's track in its region is that
        of another background, whose mean log signal there is near the quantile. A factor
        multiplies the background's own track; signals without a mark (factor 0) and amplified
        ones may be like no real gene, and the result says so.
    levels : sequence of float, optional
        Two or more quantiles, default (0.1, 0.25, 0.5, 0.75, 0.9); or factors, not negative,
        default (0, 0.5, 1, 2, 4), 0 is added where it is missing.
    regions : tuple of two int, or two of them, optional
        First and last (exclusive) position in bp relative to the TSS between which both
        marks, or the first and the second, are varied, such as
        ``((-500, 500), (1000, 5000))``; None is everywhere.
    profile : array-like of shape (n_bins, n_marks), optional
        For factors: signals at factor 1, such as ``maps.average`` of :func:`class_maps`. By
        default each background's own: a mark that it lacks is absent at every factor.
    null : {"additive"} or None, default="additive"
        What interactions are held against: refits to labels drawn from a model in which marks
        only add up. None does without it and without p values: what is found may then be the
        curvature of any classifier.
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks), optional
        For the null: what the classifier was fitted to, default ``backgrounds``.
    y : array-like of shape (n_samples,), optional
        Labels of X, default those of the data set.
    n_null : int, default=20
        Number of refits.
    n_backgrounds : int, default=500
        Where there are more backgrounds, so many are varied, drawn at random. Quantiles and
        donors of tracks are of all.
    n_donors : int, default=1
        Donors of tracks for each background and level; the log-odds are averaged.
    window : tuple of two int, optional
        What the signals cover in bp relative to the TSS, for ``regions``; default that of the
        data set or of the one that the classifier was fitted to, or centred.
    bin_size : int, optional
        Width of a bin in bp; default likewise, or 100.
    mark_names : list of str, optional
        Of the backgrounds; default their own, else those of the classifier, else ``mark1``,
        ``mark2``, ...
    random_state : int, RandomState instance or None, default=0
        Draws backgrounds, donors and labels, and the seeds of refits.
    verbose : int, default=0
        Whether to show the progress of refits.

    Returns
    -------
    MarkInteractions

    Raises
    ------
    ValueError
        If the marks are not two different ones of the signals, they or the orientation are not
        those of the classifier, a level is none, a mark does not vary, a region or the profile
        does not fit, or the null lacks labels or has others than the classifier.

    Notes
    -----
    With ℓ(i, j) the log-odds of the class with the first mark at level i and the second at
    level j, and level 0 the lowest, the interaction is the difference of differences [1]_::

        I(i, j) = (ℓ(i, j) - ℓ(0, j)) - (ℓ(i, 0) - ℓ(0, 0))

    averaged over backgrounds and classifiers. Its standard error over backgrounds, which are
    taken by chromosome, 5-Mb block or gene, is that of these classifiers and does not cover
    fitting again: flexible classifiers that are fitted to few or noisy labels find interactions
    where there are none, ten standard errors from 0. That is what the null is for.

    The null is a parametric bootstrap. A logistic regression on splines of the log sums of
    regions of each mark, penalised as cross-validation prefers, is fitted to X and y. Labels are
    drawn from its probabilities, a clone of the classifier with another seed is fitted to them,
    and I measured in the same backgrounds with the same donors. With mean m and standard
    deviation s over K refits, and e the standard error of I - m over backgrounds ::

        t = (I - m) / sqrt(s² (1 + 1 / K) + e²)

    is held against Student's distribution with K - 1 degrees of freedom; the interval of I - m
    is that of the same t. Several classifiers take turns: a mean over them varies less than the
    single refits that it is held against, so that its p value is, if anything, too large.
    Samples of one gene in several cells share a uniform number when labels are drawn.

    It costs K fits, and for L levels, B backgrounds and D donors L² B D predictions of each
    classifier and refit.

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
    ...     linear, 1, ("H3K4me3", "H3K36me3"), backgrounds=data, levels=(0.25, 0.75), null=None
    ... )
    >>> bool(found.scores[1, 1] > found.scores[0, 0])  # both marks high, or both low
    True
    >>> bool(abs(found.interaction).max() < 1e-4)  # in a linear model marks add up
    True
    """
    rng = random_generator(random_state)
    fits = check_fits(classifier)
    samples = read_backgrounds(backgrounds, fits, mark_names, window, bin_size)
    pair = _two_marks(marks, samples)
    names = tuple(samples.marks[mark] for mark in pair)
    levels = check_levels(levels, contrast, _LEVELS)
    regions = one_per_mark(regions, 2)
    places = [slice(None)] * len(samples.marks)
    for mark, region in zip(pair, regions, strict=True):
        places[mark] = samples.bins(region, "regions")
    varied = make_levels(samples, places, contrast, levels, profile, n_backgrounds, n_donors, rng)
    for mark, name in zip(pair, names, strict=True):
        if not varied.varies(mark):
            raise ValueError(
                f"{name} is the same in the region at the quantiles {levels[0]:g} and "
                f"{levels[-1]:g} of the backgrounds. Take other levels, regions or backgrounds, "
                'or contrast="factors".'
            )
    measured = Interactions(samples, varied, [pair], target)
    drawer = None if null is None else AdditiveNull(fits, samples, X, y, rng)
    refits = () if drawer is None else drawer.refits(drawer.draw(n_null), verbose)
    found = Measured(*(part[0] for part in measured.held_against(fits, refits)))
    return MarkInteractions(
        **found._asdict(), levels=levels, marks=names, target=target, regions=regions,
        oriented=samples.oriented, contrast=contrast, n_near=varied.n_near(*pair),
        n_null=0 if drawer is None else n_null, n_fits=len(fits),
    )  # fmt: skip


def _two_marks(marks, samples):
    """Return the numbers of two marks that are given as names or numbers."""
    given = list(marks) if np.ndim(marks) == 1 else []
    try:
        found = tuple(samples.mark_number(mark) for mark in given)
    except ValueError:
        found = ()
    if len({*found}) != 2 or len(found) != 2:
        raise ValueError(
            f"marks must be two different names among {', '.join(samples.marks)}, or numbers "
            f"from 0 to {len(samples.marks) - 1}, got {marks!r}. Names are those in mark_names."
        )
    return found
