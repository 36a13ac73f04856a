"""Result of mark co-occurrence: shares of samples, corrected odds ratios and their intervals."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd
from scipy.stats import norm, t

from ..utils import Interval, Result, validate_params


@dataclass(eq=False, repr=False)
class MarkCooccurrence(Result):
    """Result of :func:`mark_cooccurrence` and :func:`maps_cooccurrence`.

    It holds all pairs: arrays of shape ``(n_windows, n_marks, n_windows, n_marks)`` have at
    ``[v, j, w, k]`` the mark ``j`` in window ``v`` and the mark ``k`` in window ``w``. Marks
    at the same distance from the TSS are those with ``v == w``.

    Attributes
    ----------
    present : ndarray of shape (n_windows, n_marks)
        Share of the samples in which a mark is present in a window.
    together : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        Share of the samples in which both are present.
    expected : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        Share of the samples with both if marks were independent within strata.
    log2_odds : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        Logarithm to base 2 of the corrected odds ratio, pooled over strata: 0 for marks that are
        independent within strata, positive for marks that are present together more often.
        NaN where no stratum has samples with and without each of the marks, and for a mark in a
        window with itself. The formula is under Notes of :func:`mark_cooccurrence`.
    log2_odds_unadjusted : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        The same over all samples as one stratum.
    errors : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        Standard errors of ``log2_odds``, or of ``excess`` where there is a null. NaN where none
        is defined: over generated samples their number is the user's choice.
    n_strata : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
        Number of strata in which both marks vary, which tell about their association.
    edges : ndarray of shape (n_windows + 1,)
        Borders of the windows in bp relative to the TSS.
    thresholds : ndarray of shape (n_marks,)
        Mean signal per bin from which on a mark is present.
    marks : list of str
    n_samples : int
        Of several generators, samples of all of them.
    strata : str or None
        What the samples were divided by; None if they were not.
    unit : str or None
        What the errors are over: "chromosome", "5-Mb block", "gene", "sample" or "generator".
    n_units : int
        How many there are.
    oriented : bool or None
        Whether positions run along transcription; False is along the genome, None unknown.
    null_mean, null_sd : ndarray of shape (n_windows, n_marks, n_windows, n_marks) or None
        Mean and standard deviation, over draws, of ``log2_odds`` of as many samples with the
        same scores whose marks do not belong together. None without a null.
    n_draws : int
        Number of draws.
    null_strata : str or None
        What the marks of the null share.
    """

    present: np.ndarray
    together: np.ndarray
    expected: np.ndarray
    log2_odds: np.ndarray
    log2_odds_unadjusted: np.ndarray
    errors: np.ndarray
    n_strata: np.ndarray
    edges: np.ndarray
    thresholds: np.ndarray
    marks: list
    n_samples: int
    strata: str | None = None
    unit: str | None = None
    n_units: int = 0
    oriented: bool | None = None
    null_mean: np.ndarray | None = None
    null_sd: np.ndarray | None = None
    n_draws: int = 0
    null_strata: str | None = None

    @property
    def excess(self):
        """``log2_odds`` less ``null_mean``; None without a null."""
        return None if self.null_mean is None else self.log2_odds - self.null_mean

    @property
    def association(self):
        """``excess`` where there is a null, else ``log2_odds``."""
        return self.log2_odds if self.null_mean is None else self.excess

    @validate_params(
        {"confidence": [Interval(Real, 0, 1, closed="neither")]},
        prefer_skip_nested_validation=True,
    )
    def interval(self, confidence=0.95):
        """Return the ends of the confidence interval of :attr:`association`.

        Parameters
        ----------
        confidence : float, default=0.95
            Between 0 and 1, for each pair on its own: among 100 independent pairs, about 5
            intervals at 0.95 do not contain 0.

        Returns
        -------
        low, high : ndarray of shape (n_windows, n_marks, n_windows, n_marks)
            NaN where no errors are defined.
        """
        tail = (1 + confidence) / 2
        few = self.unit not in (None, "sample", "sample group")
        reach = t.ppf(tail, self.n_units - 1) if few else norm.ppf(tail)
        middle = self.association
        return middle - reach * self.errors, middle + reach * self.errors

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
            together, expected (shares of the samples), n_strata, log2_odds_unadjusted,
            log2_odds, with a null null_mean, null_sd and excess, then low and high.
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
        values = {"together": self.together, "expected": self.expected, "n_strata": self.n_strata}
        values |= {"log2_odds_unadjusted": self.log2_odds_unadjusted, "log2_odds": self.log2_odds}
        if self.null_mean is not None:
            values |= {"null_mean": self.null_mean, "null_sd": self.null_sd}
            values["excess"] = self.excess
        values |= dict(zip(("low", "high"), self.interval(confidence), strict=True))
        return pd.DataFrame(columns | {name: value[at] for name, value in values.items()})

    def about(self):
        """Return in a few words what was held fixed, and what intervals are over."""
        if self.null_mean is not None:
            held = "whole samples" if self.null_strata is None else self.null_strata
            parts = [f"beside a null of {self.n_draws} draws whose marks share {held} only"]
        else:
            parts = ["unadjusted" if self.strata is None else f"given {self.strata}"]
        if self.unit is None:
            parts.append("no intervals")
        else:
            parts.append(f"intervals over {self.n_units:,} {self.unit}s")
        return ", ".join(parts)

    def _title(self):
        n_windows, n_marks = self.present.shape
        return (
            f"Co-occurrence of {n_marks} marks in {n_windows} windows of {self.n_samples:,} "
            f"samples, {self.about()}: pairs at the same distance from the TSS"
        )

    def _shown(self):
        hidden = ["second_start", "second_stop", "together", "expected"]
        return self.table.drop(columns=hidden).rename(
            columns={"first_start": "start", "first_stop": "stop"}
        )
