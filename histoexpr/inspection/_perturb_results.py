"""Results of perturb: changed signals, and what an estimator makes of them."""

from dataclasses import dataclass

import pandas as pd

from ..utils import Result


@dataclass(eq=False, repr=False)
class Perturbation(Result):
    """Result of :func:`perturb`.

    Attributes
    ----------
    data : HistoneDataset or ndarray of shape (n_samples, n_bins, n_marks)
        The changed signals, in the form of what was given.
    table : DataFrame
        One row per sample: ``gene``, ``symbol``, ``cell`` and ``y`` where known; with an estimator
        ``before``, ``after`` and ``change``, log-odds of the class or the prediction, for
        classifiers also ``proba_before``, ``proba_after`` and ``flipped``, whether the call
        changes; ``outside_alone``, whether a changed mark is beyond the range of real genes,
        and ``outside_together``, whether all marks together are far from those of any, None of
        unknown ranges.
    summary : DataFrame
        A row of all samples and of each label: ``samples``, ``n``; with an estimator means of
        ``before``, ``after`` and ``change``, its interval ``low`` and ``high``, share ``flipped``;
        share ``outside`` by either.
    ranges : DataFrame
        One row per changed mark and region: ``mark``, ``first``, ``last`` (bp relative to the
        TSS), ``operation``, ``value``; signal per bin ``before`` and ``after``, and its range in
        real genes, ``observed_low`` to ``observed_high``, all as exp(m) - 1 of means m of
        log(1 + signal); ``outside``, the share of samples beyond the range.
    name : str or None
        What ``before`` and ``after`` are; None without an estimator.
    target : label or None
        The class of a classifier.
    confidence : float
    unit : str
        What was resampled: chromosomes, 5-Mb blocks, genes or samples.
    oriented : bool or None
        Whether positions run along transcription; False is along the genome, None unknown.
    """

    data: object
    table: pd.DataFrame
    summary: pd.DataFrame
    ranges: pd.DataFrame
    name: str | None = None
    target: object = None
    confidence: float = 0.95
    unit: str = "sample"
    oriented: bool | None = None

    @property
    def outside(self):
        """Share of samples outside the observed range, alone or together; NaN if unknown."""
        return float(self.summary["outside"].iloc[0])

    @property
    def what(self):
        """What was done, as text."""
        return "; ".join(
            describe_change(*row)
            for row in self.ranges[["mark", "first", "last", "operation", "value"]].itertuples(
                index=False, name=None
            )
        )

    def _title(self):
        told = "" if self.name is None else f"; change of the {self.name}"
        return f"{self.what}{told}; {self.confidence:.0%} intervals over {self.unit}s"

    def _shown(self):
        return self.summary


def describe_change(mark, first, last, operation, value):
    """Return what was done to a mark, as text."""
    number = f"{value:g}" if isinstance(value, float | int) else "a profile"
    done = {
        "remove": "removed",
        "scale": f"× {number}",
        "set": f"set to {number}",
        "add": f"plus {number}",
        "low": "as in genes where it is low",
        "high": "as in genes where it is high",
        "swap": "as in other genes" if value is None else f"as in genes of class {value}",
    }
    return f"{mark} {first:+,} to {last:+,} bp: {done[operation]}"
