"""Co-occurrence of marks: odds ratios of their presence in windows around the TSS."""

from itertools import pairwise
from numbers import Real

import numpy as np

from ..utils import (
    Interval,
    bins_between,
    check_positive_int,
    check_window,
    name_marks,
    validate_params,
)
from ._cooccurrence_results import MarkCooccurrence
from ._signals import (
    align_marks,
    as_floats,
    common_orientation,
    common_window,
    signals_and_marks,
)


@validate_params(
    {"quantile": [Interval(Real, 0, 1, closed="neither")]}, prefer_skip_nested_validation=True
)
def mark_cooccurrence(
    signals,
    *,
    reference=None,
    quantile=0.75,
    thresholds=None,
    n_windows=10,
    edges=None,
    marks=None,
    window=None,
    bin_size=None,
):
    """Estimate which marks are present together, by distance from the TSS.

    A mark is present in a window of a sample if it has signal there and its mean reaches the
    threshold of the mark. The association of two marks is the odds ratio of their presence
    in the same samples [1]_, which does not depend on how common either is: classes, or maps
    and real genes, can be compared. Errors and intervals take the samples as independent,
    which signals of one gene in several cell types are not.

    Parameters
    ----------
    signals : ClassMaps, HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        Maps, or real or generated signals, best of one class at a time: any two marks that
        differ between classes are associated over both.
    reference : HistoneDataset or array-like of shape (n_reference, n_bins, n_marks), optional
        Signals that the thresholds are taken from, the same for all sets to compare, such as
        real genes of all classes. Default ``signals``. Marks are matched by name.
    quantile : float, default=0.75
        The threshold of a mark is this quantile of its mean signal in all windows of all
        reference signals, the same in every window.
    thresholds : array-like of shape (n_marks,), optional
        Mean signal per bin from which on each mark is present, instead of a quantile.
    n_windows : int, default=10
        Number of windows, all as wide as whole bins allow.
    edges : sequence of int, optional
        Borders of the windows in bp relative to the TSS, upwards, instead of ``n_windows``.
    marks : list of str, optional
        Mark names; default those of the signals, else ``mark1``, ``mark2``, ...
    window : tuple of two int, optional
        What the signals cover in bp relative to the TSS; default that of the data set, or
        centred.
    bin_size : int, optional
        Width of a bin in bp; default that of the data set, or 100.

    Returns
    -------
    MarkCooccurrence

    Raises
    ------
    ValueError
        If signals are negative or differ in shape, marks or orientation from the reference, the
        windows from the bins, or the thresholds from the marks.

    Notes
    -----
    Of n samples, n11 have both marks, n10 and n01 one of them and n00 neither. With half a
    sample added to each count [1]_, so that it is finite where a count is 0, the logarithm
    of the odds ratio and its standard error are::

        L(n11, n10, n01, n00) = log2((n11 + 1/2) (n00 + 1/2) / ((n10 + 1/2) (n01 + 1/2)))
        SE = sqrt(1 / (n11 + 1/2) + 1 / (n10 + 1/2) + 1 / (n01 + 1/2) + 1 / (n00 + 1/2)) / ln 2

    Of independent marks L is not 0 when they are rare. ``log2_odds`` is therefore
    L(n11, n10, n01, n00) - L(e11, e10, e01, e00), where e are the counts expected of
    independent marks: e11 = n p q, e10 = n p (1 - q), e01 = n (1 - p) q and
    e00 = n (1 - p) (1 - q), with p and q the shares of samples in which they are present.

    Positions run as the bins do, which ``oriented`` of the result states. In bins along the
    genome upstream and downstream are mixed: turn a data set with :meth:`HistoneDataset.orient`.

    References
    ----------
    .. [1] Gart (1966), Alternative analyses of contingency tables, J. R. Stat. Soc. B 28(1).

    Examples
    --------
    >>> from histoexpr import make_histone_cells, mark_cooccurrence
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> found = mark_cooccurrence(data[data.y == 1], reference=data, edges=[-1000, 1000])
    >>> found.table.loc[0, ["first_mark", "second_mark"]].tolist()
    ['H3K27me3', 'H3K36me3']
    """
    oriented = common_orientation((signals, reference))
    window, bin_size = common_window((signals, reference), window, bin_size)
    signals, known = signals_and_marks(signals, "signals")
    if reference is None:
        reference = signals
    else:
        reference, others = signals_and_marks(reference, "reference")
        reference = align_marks(reference, others, known, "reference", "signals has the marks")
        known = others if known is None else known
    n_bins, n_marks = signals.shape[1:]
    if reference.shape[1:] != signals.shape[1:]:
        raise ValueError(
            f"reference has (n_bins, n_marks) = {reference.shape[1:]}, but signals has "
            f"{signals.shape[1:]}."
        )
    marks = name_marks(marks, known, n_marks)
    edges = _borders(edges, n_windows, n_bins, window, bin_size)
    fit = {"window": window, "bin_size": bin_size, "name": "edges"}
    places = [bins_between(pair, n_bins, **fit) for pair in pairwise(edges)]
    if thresholds is None:
        thresholds = np.quantile(_means(reference, places), quantile, axis=(0, 1))
    else:
        given, thresholds = thresholds, as_floats(thresholds)
        if thresholds.shape != (n_marks,) or not (thresholds >= 0).all():
            raise ValueError(
                f"thresholds must be {n_marks} numbers, one per mark and none negative, got "
                f"{given!r}."
            )
    means = _means(signals, places)
    # the quantile of a sparse mark is 0, which must not make it present everywhere
    present = (means >= thresholds) & (means > 0)
    present = present.reshape(len(signals), -1).astype(float)
    together = (present.T @ present / len(signals)).reshape(2 * (len(places), n_marks))
    shares = present.mean(axis=0).reshape(len(places), n_marks)
    edges = np.asarray(edges)
    return MarkCooccurrence(shares, together, edges, thresholds, marks, len(signals), oriented)


def _borders(edges, n_windows, n_bins, window, bin_size):
    """Return the borders of the windows in bp."""
    if edges is not None:
        if np.ndim(edges) != 1 or len(edges) < 2:
            raise ValueError(f"edges must be two or more positions in bp, got {edges!r}.")
        return list(edges)
    if check_positive_int("n_windows", n_windows) > n_bins:
        raise ValueError(f"n_windows must be a number from 1 to {n_bins}, got {n_windows!r}.")
    start, _ = check_window(window, n_bins, bin_size)
    return [start + bin_size * round(b) for b in np.linspace(0, n_bins, n_windows + 1)]


def _means(signals, places):
    """Return mean signals by sample, window and mark."""
    return np.stack([signals[:, place].mean(axis=1) for place in places], axis=1)
