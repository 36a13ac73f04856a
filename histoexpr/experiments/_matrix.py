"""Scores of one model by training cell and test cell."""

from ..utils import Result
from ._words import RESULT_SCORES


class CrossCellMatrix(Result):
    """Scores of one model for every training cell and test cell.

    Made by :func:`cross_cell_matrix` and :meth:`CrossCellResults.matrix`.

    Parameters
    ----------
    rows, consensus : DataFrame
        Rows of :attr:`CrossCellResults.table`: those of the model trained on single cells, and
        those of the same-gene consensus.
    model : str
        Name of the model.

    Attributes
    ----------
    model : str
    train_cells, test_cells : list of str
        Sorted.
    table : DataFrame of shape (n_train_cells, n_test_cells)
        AUROC; see :meth:`score` for other scores.
    """

    def __init__(self, rows, consensus, model):
        self.model = model
        self._rows = rows.assign(train_cell=rows["train_cells"].map("".join))
        self._consensus = consensus
        self.train_cells = sorted(self._rows["train_cell"].unique())
        self.test_cells = sorted(rows["test_cell"].unique())

    @property
    def table(self):
        """AUROC by training cell (rows) and test cell (columns)."""
        return self._table("roc_auc")

    def _title(self):
        return f"{type(self).__name__}: AUROC of {self.model} by training cell and test cell"

    def _table(self, metric):
        means = self._rows.groupby(["train_cell", "test_cell"])[metric].mean()
        return means.unstack().reindex(self.train_cells, columns=self.test_cells)

    def score(self, metric="roc_auc"):
        """Return a score, averaged over gene folds.

        Parameters
        ----------
        metric : str, default="roc_auc"
            Name of the score, a score of the results.

        Returns
        -------
        ndarray of shape (n_train_cells, n_test_cells)
            NaN where a pair was not evaluated.

        Raises
        ------
        ValueError
            If there is no such score.
        """
        _check_metric(metric)
        return self._table(metric).to_numpy()

    def consensus(self, metric="roc_auc"):
        """Return the score of the same-gene consensus of the other cells, by test cell.

        Parameters
        ----------
        metric : str, default="roc_auc"
            Name of the score.

        Returns
        -------
        ndarray of shape (n_test_cells,), or None
            None if there is no other cell.
        """
        _check_metric(metric)
        if self._consensus.empty:
            return None
        means = self._consensus.groupby("test_cell")[metric].mean()
        return means.reindex(self.test_cells).to_numpy()


def _check_metric(metric):
    if metric not in RESULT_SCORES:
        raise ValueError(f"No score {metric!r}; there are {', '.join(RESULT_SCORES)}.")
