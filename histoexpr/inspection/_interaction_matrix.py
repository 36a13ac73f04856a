"""Interactions of all pairs of marks in a classifier, held against marks that only add up."""

from itertools import combinations

import numpy as np

from ..utils import random_generator, validate_params
from ._additive_null import AdditiveNull
from ._interaction_results import MarkInteractionMatrix, table_of_pairs
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
from ._mark_levels import mark_strength
from ._measured_interactions import Interactions
from ._product_term import ProductTerms

_LEVELS = {QUANTILES: (0.25, 0.75), FACTORS: (0.0, 1.0)}
_SHOWN = ("interaction", "null_mean", "null_sd", "low", "high", "p_value")
_SHOWN += ("background_se", "fit_sd")
# A combination of levels near which fewer of the backgrounds are is hardly one of the data; where
# marks are independent it is a sixteenth
_FEW = 0.01


@validate_params(PARAMETERS, prefer_skip_nested_validation=True)
def mark_interaction_matrix(
    classifier,
    target,
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
    marks=None,
    window=None,
    bin_size=None,
    random_state=0,
    verbose=0,
):
    """Measure the interactions of all pairs of marks and hold them against marks that add up.

    The interaction of two marks is I of :func:`mark_interactions` between two levels of each,
    by default the lower and the upper quartile among the backgrounds. Beside it stands the
    product of the two marks in a logistic regression of the labels, without the classifier.

    Parameters
    ----------
    classifier : classifier or list of classifiers
    target : label
    backgrounds : ClassMaps, HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        See :func:`mark_interactions`.
    contrast : {"quantiles", "factors"}, default="quantiles"
        See :func:`mark_interactions`.
    levels : tuple of two float, optional
        Two quantiles, default (0.25, 0.75); or for factors 0 and one more, default (0, 1), which
        removes marks.
    regions : tuple of two int, or one for each mark, optional
        Where the marks are varied, in bp relative to the TSS; None is everywhere.
    profile : array-like of shape (n_bins, n_marks), optional
        See :func:`mark_interactions`.
    null : {"additive"} or None, default="additive"
        See :func:`mark_interactions`. All pairs share the refits.
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks), optional
        What the classifier was fitted to, default ``backgrounds``; for the null and the product.
    y : array-like of shape (n_samples,), optional
        Labels of X, default those of the data set.
    n_null : int, default=20
        Number of refits.
    n_backgrounds : int, default=500
    n_donors : int, default=1
        See :func:`mark_interactions`.
    marks : list of str, optional
        Of the backgrounds; see ``mark_names`` of :func:`mark_interactions`.
    window : tuple of two int, optional
    bin_size : int, optional
    random_state : int, RandomState instance or None, default=0
    verbose : int, default=0
        See :func:`mark_interactions`.

    Returns
    -------
    MarkInteractionMatrix
        Its ``table`` has a row per pair of marks, ``mark_a`` and ``mark_b``.

    Raises
    ------
    ValueError
        As :func:`mark_interactions`, or if there are not two levels.

    Notes
    -----
    ``p_value`` is that of :func:`mark_interactions`, except that the standard deviation over
    refits is taken to be at least the median of those of all pairs, as a few refits may agree by
    chance [1]_;
    ``p_holm`` is adjusted for the number of pairs. For M marks, L = 2 levels, B backgrounds and D
    donors the null costs ``n_null`` fits, and every classifier and refit 2 M (M - 1) B D
    predictions: of 5 marks 40 per background. Removal shares signals between pairs: 16 per
    background.

    ``product_term`` is the coefficient of the product of the standardised mean log signals of
    the two marks in their regions, in a logistic regression of the class on cubic splines of
    those of all marks, and ``product_p`` its likelihood-ratio test [2]_ (one degree of
    freedom) on X and y. The statistic is divided by its mean over the labels of the refits, that
    of the pair or of all pairs, where this is above 1: with a few hundred samples it is 1.1 to
    1.5 (Bartlett's correction), and more where the product stands for what parts of a region say
    and its mean does not. Where the classes are separated or the product does not vary, both
    are NaN and ``note`` says so.

    In simulated data sets of 400 genes and four marks that add up, correlated, curved, and one of
    them inert, about 3 % of pairs had a ``p_value`` below 0.05 in boosting, where intervals over
    backgrounds alone exclude 0 for nine pairs of ten. A product of 1.2 log-odds, of marks of
    standard deviation 1, was found in 10 of 10 data sets, and in 6 after Holm's adjustment.

    A pair that is significant in the classifier is one that it sees beyond what it would make of
    additive labels; it is no proof of an interaction in cells. A pair that only the product
    finds is one that the classifier has missed. Products are tested one at a time: a mark that
    goes with one of two that interact takes part of it. Of marks that exclude each other
    ``n_near`` is small, and both high is outside the data even by quantiles.

    References
    ----------
    .. [1] A floor of the denominator, as of Tusher, Tibshirani and Chu (2001), Significance
       analysis of microarrays, PNAS 98:5116-5121.
    .. [2] Wilks (1938), The large-sample distribution of the likelihood ratio for testing
       composite hypotheses, Annals of Mathematical Statistics 9:60-62.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, make_histone_cells
    >>> from histoexpr import mark_interaction_matrix
    >>> data = make_histone_cells(n_cells=1, n_genes=100, random_state=0)
    >>> linear = HistoneLinearClassifier(max_epochs=3, device="cpu").fit(data)
    >>> matrix = mark_interaction_matrix(linear, 1, backgrounds=data, n_null=3)
    >>> list(matrix.table)[:6]
    ['mark_a', 'mark_b', 'interaction', 'null_mean', 'null_sd', 'difference']
    """
    rng = random_generator(random_state)
    fits = check_fits(classifier)
    samples = read_backgrounds(backgrounds, fits, marks, window, bin_size)
    n_marks = len(samples.marks)
    if n_marks < 2:
        raise ValueError("backgrounds has one mark; interactions take two or more.")
    levels = check_levels(levels, contrast, _LEVELS)
    if len(levels) != 2:
        raise ValueError(f"levels must be two for all pairs of marks, got {levels.tolist()}.")
    places = [samples.bins(one, "regions") for one in one_per_mark(regions, n_marks)]
    varied = make_levels(samples, places, contrast, levels, profile, n_backgrounds, n_donors, rng)
    pairs = list(combinations(range(n_marks), 2))
    measured = Interactions(samples, varied, pairs, target)
    drawer = None if null is None else AdditiveNull(fits, samples, X, y, rng)
    labels = [] if drawer is None else drawer.draw(n_null)
    refits = () if drawer is None else drawer.refits(labels, verbose)
    found = measured.held_against(fits, refits)
    product, notes = np.full((2, len(pairs)), np.nan), [""] * len(pairs)
    if drawer is not None:
        product, notes = _test_products(drawer, labels, places, pairs, target)
    near = np.array([varied.n_near(*pair).min() for pair in pairs])
    for number, (a, b) in enumerate(pairs):
        still = [samples.marks[mark] for mark in (a, b) if not varied.varies(mark)]
        said = [f"{mark} is the same at both levels" for mark in still]
        if near[number] < _FEW * len(samples):
            said.append("few backgrounds near a combination of levels")
        if labels and not still and np.isnan(found.p_value[number, 1, 1]):
            said.append("undefined or the same in the refits")
        notes[number] = "; ".join([*said, *filter(None, [notes[number]])])
    constant = [not (varied.varies(a) and varied.varies(b)) for a, b in pairs]
    columns = {name: np.where(constant, np.nan, getattr(found, name)[:, 1, 1]) for name in _SHOWN}
    return MarkInteractionMatrix(
        table_of_pairs(samples.marks, pairs, columns, product, near, notes),
        samples.marks, target, contrast, levels, len(labels), len(fits),
    )  # fmt: skip


def _test_products(drawer, drawn, places, pairs, target):
    """Return coefficients and p values of products of marks, and why some are NaN."""
    strength = mark_strength(drawer.samples.X[..., drawer.order], places)
    terms = ProductTerms(strength, pairs)
    coefficients, p_values, notes = terms.test(
        drawer.y == target, [labels == target for labels in drawn]
    )
    return np.stack([coefficients, p_values]), notes
