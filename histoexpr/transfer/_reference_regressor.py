"""The level of expression in a cell: its signals, and the same genes in other cells."""

import numpy as np
import pandas as pd
from sklearn.base import RegressorMixin
from sklearn.utils import assert_all_finite, column_or_1d

from ..regression import HistoneLinearRegressor
from ..utils import find_labels, fit_context, read_signals
from ._reference_base import ReferenceModel


class ReferenceRegressor(RegressorMixin, ReferenceModel):
    """Predict the expression of genes in a cell without RNA-seq by signals and reference cells.

    See :class:`ReferenceClassifier`, which does the same for labels.

    Parameters
    ----------
    estimator : estimator or None, default=None
        Regressor of signals, alone or at the end of a pipeline; None is for
        ``HistoneLinearRegressor(n_regions=10)``.
    reference : DataFrame, ExpressionTable, path or None, default=None
        Expression, such as RPKM, of genes (index) × reference cells (columns). A training cell, or
        one to predict, that is among the references by its name is left out of its own. None, or
        a gene that is not in the table, leaves the signals alone.
    exclude : sequence of str, default=()
        Reference cells that no cell is predicted from. Where one gene is compared between cells,
        name all of these: else the prediction for one rests on the expression of the other.
        ``compare_cells`` and ``evaluate_cells`` do so themselves.
    cv : int, default=5
        Number of parts, of whole chromosomes where they are known, else of genes, that are left
        out in turn to find out what scores of unseen genes are worth. The estimator is fitted
        ``cv + 1`` times.
    n_jobs : int or None, default=None
        Number of these fits at a time, as for :class:`joblib.Parallel`.

    Attributes
    ----------
    estimator_ : estimator
        The model of signals, fitted on all samples.
    cells_, new_cells_ : ndarray of str
        Training cells; cells that :meth:`learn_cells` has learned. Both are sorted.
    n_in_reference_ : int
        Number of training samples whose gene is in the reference.
    n_bins_in_, n_marks_in_, n_features_in_, feature_names_in_, mark_names_in_
        Those that the estimator has.

    See Also
    --------
    ReferenceClassifier : The same for labels; its Notes describe the method.

    Examples
    --------
    >>> import pandas as pd
    >>> from histoexpr import ReferenceRegressor, make_histone_cells
    >>> data = make_histone_cells(n_cells=5, n_genes=400, random_state=0)
    >>> table = pd.DataFrame({
    ...     cell: data.select(cells=cell).expression for cell in ("C01", "C02", "C03", "C04")
    ... }, index=data.genes)
    >>> model = ReferenceRegressor(reference=table).fit(data.select(cells=["C01", "C02"]))
    >>> model.predict(data.select(cells="C05")).shape
    (400,)
    """

    _classes = False
    _default = HistoneLinearRegressor

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None):
        """Fit the model of signals, and what goes with the references.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals of one or more training cells. An array has no names of genes: predictions
            then rest on signals alone.
        y : array-like of shape (n_samples,), optional
            Values to predict; by default ``log2(expression + 1)`` of the data set.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If X or y is malformed, ``reference`` is no table, or it has a training cell under
            another name.

        Warns
        -----
        HistoexprWarning
            If no gene is in the reference.
        """
        return self._fit(X, y)

    def _check_target(self, source, y):
        y = find_labels(self, source, source.labels(y, "log2_expression"))
        y = column_or_1d(y, warn=True)
        y = y if y.dtype.kind == "f" else y.astype(np.float64)
        assert_all_finite(y, input_name="y")
        return y, y

    @staticmethod
    def _scores(model, X):
        return np.asarray(model.predict(X), dtype=np.float64).ravel()

    def predict(self, X):
        """Predict the target of each sample.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals; of a new cell best of all its genes.

        Returns
        -------
        ndarray of shape (n_samples,)
            Log2(expression + 1), where that was learned.

        Raises
        ------
        ValueError
            If there are fewer than 10 samples of a new cell that :meth:`learn_cells` has not
            learned, or X does not fit that of ``fit``.

        Warns
        -----
        HistoexprWarning
            If there are fewer than 100 samples of such a cell.
        """
        return self._outputs(X)["both"]

    def score(self, X, y=None, sample_weight=None):
        """Compute R².

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals.
        y : array-like of shape (n_samples,), optional
            Values; by default ``log2(expression + 1)`` of the data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        float
        """
        source = read_signals(X)
        y = find_labels(self, source, source.labels(y, "log2_expression"))
        return super().score(X, y, sample_weight)

    def explain(self, X):
        """Report for each gene what the references say and what the signals changed.

        Parameters
        ----------
        X : HistoneDataset
            Signals; of a new cell best of all its genes.

        Returns
        -------
        DataFrame of shape (n_samples, 7)
            In the order of X: ``cell``, ``gene``; the target by the ``reference`` alone (NaN for
            genes that it does not have), by ``signals`` alone and by both (``prediction``);
            ``change``, that by both less that of the reference; ``in_reference``.
        """
        out = self._outputs(X)
        return pd.DataFrame(
            {
                "cell": out["cell"],
                "gene": out["gene"],
                "reference": out["reference"],
                "signals": out["signals"],
                "prediction": out["both"],
                "change": out["both"] - out["reference"],
                "in_reference": out["known"],
            }
        )
