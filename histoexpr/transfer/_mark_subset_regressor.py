"""One fitted regressor for cells that differ in the marks they have."""

from sklearn.base import RegressorMixin

from ..regression import HistoneLinearRegressor
from ..utils import find_labels, fit_context, read_signals, refuse_masked
from ._mark_subset_base import MarkSubsetModel


class MarkSubsetRegressor(RegressorMixin, MarkSubsetModel):
    """A regressor that serves cells with some marks missing, by a model for each subset.

    See :class:`MarkSubsetClassifier`.

    Parameters
    ----------
    estimator : estimator or None, default=None
        Regressor of signals, alone or at the end of a pipeline; None is for
        ``HistoneLinearRegressor(n_regions=10)`` (fewer regions where there are fewer bins).
    subsets : "all" or sequence of sequences of str, default="all"
        The subsets of marks that get a model; ``"all"`` are all with at least ``min_marks``
        marks, which is for up to six marks and fast estimators.
    min_marks : int, default=1
        Number of marks that a sample needs at least. Samples with fewer are refused.
    n_jobs : int or None, default=None
        Number of models fitted at a time, as for :class:`joblib.Parallel`.

    Attributes
    ----------
    models_, subsets_, n_samples_fit_, mark_names_in_, n_bins_in_, n_marks_in_, \
n_features_in_, feature_names_in_
        As for :class:`MarkSubsetClassifier`.

    Examples
    --------
    >>> from histoexpr import MarkSubsetRegressor, make_histone_cells
    >>> data = make_histone_cells(n_cells=2, n_genes=300, random_state=0)
    >>> reg = MarkSubsetRegressor(min_marks=4).fit(data.select(cells="C01"))
    >>> len(reg.models_)
    6
    >>> reg.predict(data.select(cells="C02", marks=data.marks[1:])).shape
    (300,)
    """

    _default = HistoneLinearRegressor
    _checks = MarkSubsetModel._checks | {"y_numeric": True}

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, sample_weight=None, groups=None):
        """Fit a model for each subset of marks.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; a mark that a sample lacks is NaN in all bins.
        y : array-like of shape (n_samples,), optional
            Values to predict; by default those that regressors learn of the data set,
            ``log2(expression + 1)``.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples, if the estimator takes them.
        groups : array-like, optional
            Groups of the samples, if the estimator takes them; of a data set it reads them
            itself.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If a mark is NaN in a part of the bins of a sample, there are too many subsets, a
            stated one has no samples, or X or y is malformed.
        """
        return self._fit(X, y, sample_weight, groups)

    def _target_of(self, source, y):
        pairs = getattr(source.dataset, "log2_fold_change", None) is not None
        y = source.labels(y, "log2_fold_change" if pairs else "log2_expression")
        return find_labels(self, source, y)

    def _learn_target(self, y):
        """Nothing is learned of values."""

    def predict(self, X):
        """Return the predicted values.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; marks may be missing.

        Returns
        -------
        ndarray of shape (n_samples,)

        Raises
        ------
        ValueError
            If no model takes the marks of a sample, naming it and its marks.

        Warns
        -----
        HistoexprWarning
            If a data set lacks a mark and has an unknown one, which may be the same.
        """
        return self._outputs(X, "predict")

    def score(self, X, y=None, sample_weight=None):
        """Return the coefficient of determination, R².

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; marks may be missing.
        y : array-like of shape (n_samples,), optional
            Values; by default those of the data set, as in ``fit``.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        float
        """
        refuse_masked(sample_weight, "sample_weight")
        return super().score(X, self._target_of(read_signals(X), y), sample_weight)
