"""Which marks appear together, at which distances from the TSS."""

from dataclasses import dataclass
from itertools import pairwise
from numbers import Real

import numpy as np
import pandas as pd
from scipy.stats import norm

from ..utils import bins_between, check_marks, check_positive_int, check_window
from ._windows import signals_of


@dataclass(eq=False)
class MarkCooccurrence:
    """What :func:`mark_cooccurrence` found.

    All pairs are there: arrays of shape ``(n_windows, n_marks, n_windows, n_marks)`` hold at
    ``[v, j, w, k]`` the mark ``j`` in window ``v`` together with the mark ``k`` in window
    ``w``. Marks at the same distance are those with ``v == w``.

    Attributes
    ----------
    present : ndarray of shape (n_windows, n_marks)
        Share of the samples in which a mark is present in a window.
    together : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        Share of the samples in which both are present.
    edges : ndarray of shape (n_windows + 1,)
        Borders of the windows in bp relative to the TSS.
    thresholds : ndarray of shape (n_marks,)
        Mean signal per bin from which on a mark is present.
    marks : list of str
        Names of the marks.
    n_samples : int
        Number of samples.
    """

    present: np.ndarray
    together: np.ndarray
    edges: np.ndarray
    thresholds: np.ndarray
    marks: list
    n_samples: int

    @property
    def expected(self):
        """Share of the samples with both, if the marks were independent of each other."""
        return self.present[:, :, None, None] * self.present

    @property
    def log2_odds(self):
        """Logarithm to base 2 of the odds ratio; 0 is independence, above it they attract.

        Half a sample is added to each of the four counts (with both, with one, with the
        other, with neither), so that it stays finite where one is zero, and what this makes
        of the counts expected of independent marks is subtracted, so that rare marks that
        never meet do not seem to attract each other. NaN where a mark is present in all
        samples or in none, and for a mark in a window with itself.
        """
        odds = [
            np.log2(both * none / one / other)
            for both, one, other, none in (
                self._counts(self.together),
                self._counts(self.expected),
            )
        ]
        return self._where_defined(odds[0] - odds[1])

    @property
    def errors(self):
        """Standard error of :attr:`log2_odds`, over the samples."""
        variance = sum(1 / count for count in self._counts(self.together))
        return self._where_defined(np.sqrt(variance) / np.log(2))

    def interval(self, confidence=0.95):
        """Return the ends of the confidence interval of :attr:`log2_odds`.

        Parameters
        ----------
        confidence : float, default=0.95
            Between 0 and 1, for each pair on its own: of 100 independent pairs about 5
            intervals at 0.95 miss 0.

        Returns
        -------
        low, high : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        """
        if not 0 < confidence < 1:
            raise ValueError(f"confidence must lie between 0 and 1, got {confidence!r}.")
        middle, half = self.log2_odds, norm.ppf((1 + confidence) / 2) * self.errors
        return middle - half, middle + half

    def rows(self, *, across=False, confidence=0.95):
        """Return one dict per window and pair of marks.

        Parameters
        ----------
        across : bool, default=False
            Whether to go on with the pairs in two different windows, a mark with itself
            elsewhere among them.
        confidence : float, default=0.95
            Of the interval.

        Returns
        -------
        list of dict
            With the keys first_mark, first_start, first_stop and second_mark, second_start,
            second_stop (the windows in bp), first_present, second_present, together,
            expected (shares of the samples), log2_odds, low, high.
        """
        low, high = self.interval(confidence)
        odds, expected = self.log2_odds, self.expected
        n_windows, n_marks = self.present.shape
        first, second = np.triu_indices(n_windows * n_marks, k=1)
        same = first // n_marks == second // n_marks
        order = np.flatnonzero(same)
        if across:
            order = np.concatenate([order, np.flatnonzero(~same)])
        rows = []
        for pair in order:
            v, j = divmod(int(first[pair]), n_marks)
            w, k = divmod(int(second[pair]), n_marks)
            at = v, j, w, k
            rows.append(
                {
                    "first_mark": self.marks[j],
                    "first_start": int(self.edges[v]),
                    "first_stop": int(self.edges[v + 1]),
                    "second_mark": self.marks[k],
                    "second_start": int(self.edges[w]),
                    "second_stop": int(self.edges[w + 1]),
                    "first_present": float(self.present[v, j]),
                    "second_present": float(self.present[w, k]),
                    "together": float(self.together[at]),
                    "expected": float(expected[at]),
                    "log2_odds": float(odds[at]),
                    "low": float(low[at]),
                    "high": float(high[at]),
                }
            )
        return rows

    def to_frame(self, **params):
        """Return :meth:`rows` as a DataFrame."""
        return pd.DataFrame(self.rows(**params))

    def _counts(self, together):
        """Return how many samples have both, one, the other and neither, and half a one."""
        first, second = self.present[:, :, None, None], self.present
        shares = together, first - together, second - together, 1 - first - second + together
        return [self.n_samples * share + 0.5 for share in shares]

    def _where_defined(self, values):
        fixed = (self.present == 0) | (self.present == 1)
        values[fixed] = values[:, :, fixed] = np.nan
        size = self.present.size
        np.fill_diagonal(values.reshape(size, size), np.nan)
        return values


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
    bin_size=100,
):
    """Count which marks appear together, at which distances from the TSS.

    A mark is present in a window of a sample if it has signal there and its mean reaches the
    threshold of the mark. Whether two marks are present in the same samples more often than
    if they were independent is told by the odds ratio of the two [1]_. It does not depend on
    how common either mark is, so that classes, or maps and real genes, can be compared. Its
    errors and intervals take the samples as independent of each other: signals of one gene
    in several cell types are not.

    Parameters
    ----------
    signals : ClassMaps or array-like of shape (n_samples, n_bins, n_marks)
        Maps, or real or generated signals. Those of different classes are best given one
        class at a time: any two marks that tell the classes apart are associated over both.
    reference : array-like of shape (n_reference, n_bins, n_marks), optional
        Signals that the thresholds are taken from, such as real genes of all classes. To
        compare several sets, give the same to all. Default ``signals``.
    quantile : float, default=0.75
        The threshold of a mark is this quantile of its mean signal in all windows of all
        reference signals, the same in every window: a mark is present where it is strong
        for its kind.
    thresholds : array-like of shape (n_marks,), optional
        Mean signal per bin from which on each mark is present, instead of a quantile.
    n_windows : int, default=10
        Number of windows, all as wide as whole bins allow.
    edges : sequence of int, optional
        Borders of the windows in bp relative to the TSS, upwards, instead of ``n_windows``.
    marks : list of str, optional
        Mark names.
    window : tuple of two int, optional
        What the signals cover in bp relative to the TSS; default centred on it.
    bin_size : int, default=100
        Width of a bin in bp.

    Returns
    -------
    MarkCooccurrence

    Raises
    ------
    ValueError
        If signals are negative or differ in shape from the reference, the windows from the
        bins, or the thresholds from the marks.

    Notes
    -----
    Positions run as the bins do. Where genes on the minus strand were not turned around,
    upstream and downstream are mixed and both sides of the TSS look alike.

    References
    ----------
    .. [1] Gart (1966), Alternative analyses of contingency tables, J. R. Stat. Soc. B 28(1),
       for the half that is added to each count and the standard error.

    Examples
    --------
    >>> from histoexpr import make_histone_cells, mark_cooccurrence
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> X, y = data.return_X_y()
    >>> found = mark_cooccurrence(X[y == 1], reference=X, edges=[-1000, 1000], marks=data.marks)
    >>> [found.rows()[0][key] for key in ("first_mark", "second_mark", "first_start")]
    ['H3K27me3', 'H3K36me3', -1000]
    """
    signals = signals_of(signals, "signals")
    reference = signals if reference is None else signals_of(reference, "reference")
    n_bins, n_marks = signals.shape[1:]
    if reference.shape[1:] != signals.shape[1:]:
        raise ValueError(
            f"reference has (n_bins, n_marks) = {reference.shape[1:]}, but signals has "
            f"{signals.shape[1:]}."
        )
    marks = check_marks(marks, n_marks)
    edges = _borders(edges, n_windows, n_bins, window, bin_size)
    places = [
        bins_between(pair, n_bins, window=window, bin_size=bin_size, name="edges")
        for pair in pairwise(edges)
    ]
    if thresholds is None:
        if not isinstance(quantile, Real) or not 0 < quantile < 1:
            raise ValueError(f"quantile must lie between 0 and 1, got {quantile!r}.")
        thresholds = np.quantile(_means(reference, places), quantile, axis=(0, 1))
    else:
        thresholds = _check_thresholds(thresholds, n_marks)
    means = _means(signals, places)
    # Of a sparse mark the quantile is 0, which must not make it present everywhere.
    present = (means >= thresholds) & (means > 0)
    present = present.reshape(len(signals), -1).astype(float)
    together = (present.T @ present / len(signals)).reshape(2 * (len(places), n_marks))
    shares = present.mean(axis=0).reshape(len(places), n_marks)
    return MarkCooccurrence(shares, together, np.asarray(edges), thresholds, marks, len(signals))


def _check_thresholds(thresholds, n_marks):
    try:
        found = np.asarray(thresholds, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.array(np.nan)
    if found.shape != (n_marks,) or not (found >= 0).all():
        raise ValueError(
            f"thresholds must be {n_marks} numbers, one per mark and none negative, got "
            f"{thresholds!r}."
        )
    return found


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
