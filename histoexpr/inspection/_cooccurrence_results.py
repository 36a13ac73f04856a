"""Result of mark co-occurrence: shares of samples, corrected odds ratios and their intervals."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd
from scipy.stats import norm

from ..utils import Interval, Result, validate_params


@dataclass(eq=False, repr=False)
class MarkCooccurrence(Result):
    """Result of :func:`mark_cooccurrence`.

    It holds all pairs: arrays of shape ``(n_windows, n_marks, n_windows, n_marks)`` have at
    ``[v, j, w, k]`` the mark ``j`` in window ``v`` and the mark ``k`` in window ``w``. Marks
    at the same distance from the TSS are those with ``v == w``.

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
    n_samples : int
    oriented : bool or None
        Whether positions run along transcription; False is along the genome, None unknown.
    """

    present: np.ndarray
    together: np.ndarray
    edges: np.ndarray
    thresholds: np.ndarray
    marks: list
    n_samples: int
    oriented: bool | None = None

    @property
    def expected(self):
        """Share of the samples with both that independent marks would have."""
        return self.present[:, :, None, None] * self.present

    @property
    def log2_odds(self):
        """Logarithm to base 2 of the corrected odds ratio.

        0 for independent marks, positive for marks that are present together more often. NaN
        where a mark is present in all samples or in none, and for a mark in a window with
        itself. The formula is under Notes of :func:`mark_cooccurrence`.
        """
        counts = self._counts(self.together), self._counts(self.expected)
        odds = [np.log2(both * none / one / other) for both, one, other, none in counts]
        return self._where_defined(odds[0] - odds[1])

    @property
    def errors(self):
        """Standard error of :attr:`log2_odds` over the samples."""
        variance = sum(1 / count for count in self._counts(self.together))
        return self._where_defined(np.sqrt(variance) / np.log(2))

    @validate_params(
        {"confidence": [Interval(Real, 0, 1, closed="neither")]},
        prefer_skip_nested_validation=True,
    )
    def interval(self, confidence=0.95):
        """Return the ends of the confidence interval of :attr:`log2_odds`.

        Parameters
        ----------
        confidence : float, default=0.95
            Between 0 and 1, for each pair on its own: among 100 independent pairs, about 5
            intervals at 0.95 do not contain 0.

        Returns
        -------
        low, high : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        """
        middle, half = self.log2_odds, norm.ppf((1 + confidence) / 2) * self.errors
        return middle - half, middle + half

    @property
    def table(self):
        """DataFrame of the pairs at the same distance; see :meth:`pairs`."""
        return self.pairs()

    def pairs(self, *, across=False, confidence=0.95):
        """Return the pairs of marks as a DataFrame of one row per pair of windows and marks.

        Parameters
        ----------
        across : bool, default=False
            Whether to append the pairs in two different windows, a mark with itself
            elsewhere among them.
        confidence : float, default=0.95
            Of the interval.

        Returns
        -------
        pandas.DataFrame
            With the columns first_mark, first_start, first_stop and second_mark,
            second_start, second_stop (the windows in bp), first_present, second_present,
            together, expected (shares of the samples), log2_odds, low, high.
        """
        n_windows, n_marks = self.present.shape
        first, second = np.triu_indices(n_windows * n_marks, k=1)
        elsewhere = first // n_marks != second // n_marks
        order = np.argsort(elsewhere, kind="stable")  # same distance first
        order = order if across else order[: np.sum(~elsewhere)]
        at = *np.divmod(first[order], n_marks), *np.divmod(second[order], n_marks)
        columns = {}
        marks, edges = np.asarray(self.marks, dtype=object), self.edges.astype(int)
        for name, window, mark in zip(("first", "second"), at[::2], at[1::2], strict=True):
            columns[f"{name}_mark"] = marks[mark]
            columns[f"{name}_start"], columns[f"{name}_stop"] = edges[window], edges[window + 1]
        columns["first_present"] = self.present[at[:2]]
        columns["second_present"] = self.present[at[2:]]
        low, high = self.interval(confidence)
        values = {"together": self.together, "expected": self.expected}
        values |= {"log2_odds": self.log2_odds, "low": low, "high": high}
        return pd.DataFrame(columns | {name: value[at] for name, value in values.items()})

    def _title(self):
        n_windows, n_marks = self.present.shape
        return (
            f"Co-occurrence of {n_marks} marks in {n_windows} windows of {self.n_samples:,} "
            "samples: pairs at the same distance from the TSS"
        )

    def _shown(self):
        return self.table.drop(columns=["second_start", "second_stop"]).rename(
            columns={"first_start": "start", "first_stop": "stop"}
        )

    def _counts(self, together):
        """Return the numbers of samples with both, one, the other and neither, plus 1/2."""
        first, second = self.present[:, :, None, None], self.present
        shares = together, first - together, second - together, 1 - first - second + together
        return [self.n_samples * share + 0.5 for share in shares]

    def _where_defined(self, values):
        fixed = (self.present == 0) | (self.present == 1)
        values[fixed] = values[:, :, fixed] = np.nan
        size = self.present.size
        np.fill_diagonal(values.reshape(size, size), np.nan)
        return values
