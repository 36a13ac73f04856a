"""Scores of one model by training cell and test cell."""

import math

import numpy as np

from ..metrics import SCORES

# What the records call the baselines
CONSENSUS, MAJORITY = "same-gene consensus", "majority class"


class CrossCellMatrix:
    """Scores of one model for every training cell and test cell.

    Parameters
    ----------
    records : list of dict
        Records of a :class:`CellEvaluation`.
    model : str
        Name of the model.

    Attributes
    ----------
    model : str
    train_cells, test_cells : list of str
    """

    def __init__(self, records, model):
        pairs = [r for r in records if r["model"] == model and len(r["train_cells"]) == 1]
        if not pairs:
            raise ValueError(f"No model {model!r} was trained on single cells.")
        self.model = model
        self.train_cells = sorted({record["train_cells"][0] for record in pairs})
        self.test_cells = sorted({record["test_cell"] for record in pairs})
        self._pairs = pairs
        self._consensus = [r for r in records if r["model"] == CONSENSUS]

    def score(self, metric="roc_auc"):
        """Return a score, averaged over gene folds.

        Parameters
        ----------
        metric : str, default="roc_auc"
            Name of the score, one of ``histoexpr.metrics.SCORES``.

        Returns
        -------
        ndarray of shape (n_train_cells, n_test_cells)
            NaN where a pair was not evaluated.
        """
        if metric not in SCORES:
            raise ValueError(f"No score {metric!r}; there are {', '.join(SCORES)}.")
        gathered = {}
        for record in self._pairs:
            pair = record["train_cells"][0], record["test_cell"]
            gathered.setdefault(pair, []).append(record[metric])
        return np.array(
            [
                [mean_defined(gathered.get((train, test), [])) for test in self.test_cells]
                for train in self.train_cells
            ]
        )

    def consensus(self, metric="roc_auc"):
        """Return the score of the same-gene consensus of the other cells, by test cell.

        Returns
        -------
        ndarray of shape (n_test_cells,), or None
            None if there is no other cell.
        """
        if not self._consensus:
            return None
        return np.array(
            [
                mean_defined([r[metric] for r in self._consensus if r["test_cell"] == cell])
                for cell in self.test_cells
            ]
        )


def mean_defined(values):
    """Return the mean of what is defined, NaN if nothing is."""
    defined = [value for value in values if value is not None and not math.isnan(value)]
    return float(np.mean(defined)) if defined else math.nan
