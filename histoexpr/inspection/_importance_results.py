"""Results of mark_importance: how much worse a score is without a mark."""

from dataclasses import dataclass

import pandas as pd

from ..utils import Result


@dataclass(eq=False, repr=False)
class MarkImportance(Result):
    """Result of :func:`mark_importance`.

    Attributes
    ----------
    table : DataFrame
        One row per mark (or group of marks) and region: ``mark``; ``first`` and ``last``
        (exclusive), bp relative to the TSS; ``importance``, by how much the score is worse, mean
        over repeats; ``low`` and ``high``, its interval; ``sd`` over repeats, NaN of one;
        ``score`` without the mark.
    score, score_low, score_high : float
        Score of the intact data, and its interval.
    scoring, label : str
        Name of the score, and what figures call it.
    is_loss : bool
        Whether the score is a loss: importance is then its rise.
    method : {"permute", "remove"}
    n_samples, n_repeats : int
    confidence : float
    unit : str
        What was resampled: chromosomes, 5-Mb blocks, genes or samples.
    n_blocks : int
        Number of these.
    conditional : bool
        Whether tracks were exchanged within strata that the user gave.
    target : label or None
        The class of a classifier.
    oriented : bool or None
        Whether positions run along transcription; False is along the genome, None unknown.
    """

    table: pd.DataFrame
    score: float
    score_low: float
    score_high: float
    scoring: str
    label: str
    is_loss: bool
    method: str
    n_samples: int
    n_repeats: int
    confidence: float
    unit: str
    n_blocks: int
    conditional: bool = False
    target: object = None
    oriented: bool | None = None

    @property
    def matrix(self):
        """DataFrame of the importance by mark (rows) and region (first, last) (columns)."""
        rows, columns = self.table["mark"].unique(), self.regions
        found = self.table.set_index(["mark", "first", "last"])["importance"].unstack([1, 2])
        return found.loc[rows, columns]

    @property
    def regions(self):
        """List of the regions, (first, last) in bp relative to the TSS, in their order."""
        pairs = self.table[["first", "last"]].drop_duplicates()
        return list(pairs.itertuples(index=False, name=None))

    @property
    def unit_of_importance(self):
        """What the importance is, such as "loss of AUROC"."""
        return f"{'rise' if self.is_loss else 'loss'} of {self.label}"

    def _title(self):
        done = {"permute": "are those of other genes", "remove": "are 0 (outside the data)"}
        within = " of the stratum" if self.conditional else ""
        unit = self.unit_of_importance
        return (
            f"{unit[0].upper()}{unit[1:]} if the signals of a mark {done[self.method]}{within}; "
            f"intact {self.score:.3f} ({self.score_low:.3f} to {self.score_high:.3f}), "
            f"{self.n_samples:,} samples\n"
            f"{self.confidence:.0%} intervals over {self.n_blocks} {self.unit}s"
        )
