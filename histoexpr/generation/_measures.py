"""The measures of a report: what they are called, where they are best, and which way is worse."""

from typing import NamedTuple

import numpy as np


class Measure(NamedTuple):
    """A measure of generated signals.

    ``title`` is what people read, ``best`` the value of a perfect generator; ``higher`` states
    whether it is reached from below: True, False, or None where the distance from it counts in
    either direction. Values are between ``low`` and ``high``. ``by_mark`` measures have a value
    for each mark. ``axis`` is the quantity and unit on the axis of a figure.
    """

    title: str
    axis: str
    best: float
    higher: bool | None
    low: float = 0.0
    high: float = 1.0
    by_mark: bool = False

    def badness(self, values):
        """Return how far values are from best, in the direction that is worse."""
        if self.higher is None:
            return np.abs(values - self.best)
        return -values if self.higher else values


_MADE, _REAL = "share of generated samples", "share of real samples"
_LOG, _CORRELATION = "log(1 + signal / unit)", "difference of correlations"
MEASURES = {
    "two_sample": Measure("two-sample, stronger judge", "AUROC", 0.5, False),
    "two_sample_tree": Measure("two-sample, trees", "AUROC", 0.5, False),
    "two_sample_cnn": Measure("two-sample, CNN", "AUROC", 0.5, False),
    "transfer_cnn": Measure("transfer, CNN", "AUROC on real samples", 1.0, True),
    "transfer_ratio": Measure(
        "transfer ratio, CNN", "AUROC / that of train on real", 1.0, True, high=np.inf
    ),
    "transfer_linear": Measure("transfer, logistic", "AUROC on real samples", 1.0, True),
    "precision": Measure("precision", _MADE, 1.0, True),
    "recall": Measure("recall", _REAL, 1.0, True),
    "density": Measure("density", "real neighbourhoods / 5", 1.0, True, high=np.inf),
    "coverage": Measure("coverage", _REAL, 1.0, True),
    "authenticity": Measure("authenticity", _MADE, 1.0, True),
    "memorisation": Measure("memorisation", "probability", 0.5, False),
    "mark_correlation_error": Measure(
        "mark correlation error", _CORRELATION, 0.0, False, high=2.0
    ),
    "marginal_distance": Measure("marginal distance", _LOG, 0.0, False, high=np.inf),
    "marginal_distance_by_mark": Measure(
        "marginal distance", _LOG, 0.0, False, high=np.inf, by_mark=True
    ),
    "zero_fraction_error": Measure(
        "zero fraction error", "difference of shares of bins", 0.0, None, low=-1.0, by_mark=True
    ),
    "profile_correlation": Measure(
        "profile correlation", "correlation", 1.0, True, low=-1.0, by_mark=True
    ),
    "autocorrelation_error": Measure(
        "autocorrelation error", _CORRELATION, 0.0, False, high=2.0, by_mark=True
    ),
}
# What is shown unasked
SHORT = (
    "two_sample", "transfer_cnn", "transfer_ratio", "precision", "recall", "authenticity",
    "mark_correlation_error", "marginal_distance",
)  # fmt: skip
# Which say again, as one figure, what others say
DERIVED = {
    "two_sample": ("two_sample_tree", "two_sample_cnn"),
    "transfer_ratio": ("transfer_cnn",),
}
_BY_MARK = "_by_mark"


def row_names(measure, marks):
    """Return the names of the rows of a measure, one for each mark if it has as many values."""
    if not MEASURES[measure].by_mark:
        return [measure]
    return [f"{measure.removesuffix(_BY_MARK)} {mark}" for mark in marks]
