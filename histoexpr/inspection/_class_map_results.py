"""What :func:`~histoexpr.inspection.class_maps` returns: signals of a class and their scores."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..utils import Result, check_marks


@dataclass(eq=False, repr=False)
class ClassMaps(Result):
    """Result of :func:`class_maps`.

    Attributes
    ----------
    signals : ndarray of shape (n_maps, n_bins, n_marks)
        The maps on the scale of counts.
    scores : ndarray of shape (n_maps,)
        Probability of the target class that the classifier gives them.
    target : label
    method : str
        "gan", "gradient" or "data".
    probability : float or None
        The probability that was sought; None for the highest.
    rows : ndarray of int or None
        Method "data": which samples they are.
    sampled : bool
        Whether they were selected from many generated signals, as gradients do not pass
        through the classifier.
    marks : list of str or None
        Names of the marks, where the classifier, the generator or ``X`` has them.
    window : tuple of two int or None
    bin_size : int or None
        What the maps cover in bp relative to the TSS and the width of a bin, where known.
    oriented : bool or None
        Whether bins run along transcription; False is along the genome, None unknown.
    start : ndarray of shape (n_maps, n_bins, n_marks) or None
        Where each map started from, if from real genes: method "gan" their reconstructions.
    """

    signals: np.ndarray
    scores: np.ndarray
    target: object
    method: str
    probability: float | None = None
    rows: np.ndarray | None = None
    sampled: bool = False
    marks: list | None = None
    window: tuple | None = None
    bin_size: int | None = None
    oriented: bool | None = None
    start: np.ndarray | None = None

    @property
    def average(self):
        """Mean of the maps, of their logarithms, back on the scale of counts."""
        return np.expm1(np.log1p(self.signals, dtype=np.float64).mean(axis=0))

    @property
    def spread(self):
        """Standard deviation of log(1 + signal) over the maps."""
        return np.log1p(self.signals, dtype=np.float64).std(axis=0)

    @property
    def table(self):
        """DataFrame of one row per map: its score and the mean signal per bin of each mark.

        Method "data" adds the column ``row``, which sample of ``X`` the map is.
        """
        means = np.mean(self.signals, axis=1, dtype=np.float64)
        table = pd.DataFrame({"score": self.scores}).rename_axis("map")
        if self.rows is not None:
            table.insert(0, "row", self.rows)
        return table.join(pd.DataFrame(means, columns=check_marks(self.marks, means.shape[1])))

    def _title(self):
        sought = "the highest" if self.probability is None else f"{self.probability:g}"
        return (
            f"{len(self.scores)} maps of class {self.target} (method {self.method}): median "
            f"probability {np.median(self.scores):.3f}, sought {sought}"
        )
