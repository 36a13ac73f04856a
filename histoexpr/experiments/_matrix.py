"""Scores of one model by training cell and test cell."""

from ..utils import Result
from ._words import LABEL, MAIN_SCORES, RESULT_SCORES, SAME_GENE, SCORE_NAMES


class CrossCellMatrix(Result):
    """Scores of one model for every training cell and test cell.

    Made by :func:`cross_cell_matrix` and :meth:`CrossCellResults.matrix`.

    Parameters
    ----------
    rows, consensus : DataFrame
        Rows of :attr:`CrossCellResults.table`: those of the model trained on single cells, and
        those of the baselines.
    model : str
        Name of the model.

    Attributes
    ----------
    model : str
    metric : str
        The score of :attr:`table`: "roc_auc" of a classifier, "pearson" of a regressor.
    baseline : str
        The baseline that knows the same gene in the other cells: its mean label beside a
        classifier ("same-gene consensus"), its mean log2 expression beside a regressor.
    train_cells, test_cells : list of str
        Sorted.
    table : DataFrame of shape (n_train_cells, n_test_cells)
        The score ``metric``; see :meth:`score` for others.
    """

    def __init__(self, rows, consensus, model):
        self.model = model
        self._rows = rows.assign(train_cell=rows["train_cells"].map("".join))
        target = rows["target"].iloc[0] if len(rows) else LABEL
        self.metric, self.baseline = MAIN_SCORES[target], SAME_GENE[target]
        self._consensus = consensus[consensus["model"] == self.baseline]
        self.train_cells = sorted(self._rows["train_cell"].unique())
        self.test_cells = sorted(rows["test_cell"].unique())

    @property
    def table(self):
        """The main score by training cell (rows) and test cell (columns)."""
        return self._table(self.metric)

    def _title(self):
        score = SCORE_NAMES[self.metric]
        return f"{type(self).__name__}: {score} of {self.model} by training cell and test cell"

    def _table(self, metric):
        means = self._rows.groupby(["train_cell", "test_cell"])[metric].mean()
        return means.unstack().reindex(self.train_cells, columns=self.test_cells)

    def score(self, metric=None):
        """Return a score, averaged over gene folds.

        Parameters
        ----------
        metric : str, optional
            Name of the score, a score of the results; default :attr:`metric`.

        Returns
        -------
        ndarray of shape (n_train_cells, n_test_cells)
            NaN where a pair was not evaluated.

        Raises
        ------
        ValueError
            If there is no such score.
        """
        return self._table(self._checked(metric)).to_numpy()

    def consensus(self, metric=None):
        """Return the score of the same gene in the other cells, by test cell.

        Parameters
        ----------
        metric : str, optional
            Name of the score; default :attr:`metric`.

        Returns
        -------
        ndarray of shape (n_test_cells,), or None
            None if there is no other cell.
        """
        metric = self._checked(metric)
        if self._consensus.empty:
            return None
        means = self._consensus.groupby("test_cell")[metric].mean()
        return means.reindex(self.test_cells).to_numpy()

    def _checked(self, metric):
        metric = self.metric if metric is None else metric
        if metric not in RESULT_SCORES:
            raise ValueError(f"No score {metric!r}; there are {', '.join(RESULT_SCORES)}.")
        return metric
