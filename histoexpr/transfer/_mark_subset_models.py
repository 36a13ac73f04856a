"""One fitted model for cells that differ in the marks they have."""

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets

from ..classification import HistoneLinearClassifier
from ..regression import HistoneLinearRegressor
from ..utils import find_labels, fit_context, read_signals, refuse_masked
from ._mark_subset_base import MarkSubsetModel


def _wrapped_has(method):
    """Return a check whether the estimator that is wrapped has a method."""

    def check(self):
        getattr(self.models_[0] if hasattr(self, "models_") else self._template(), method)
        return True

    return check


class MarkSubsetClassifier(ClassifierMixin, MarkSubsetModel):
    """A classifier that serves cells with some marks missing, by a model for each subset.

    Cells differ in which marks were measured. This fits a clone of an estimator for every subset
    of the marks, each on all samples that have these marks, and predicts each sample by the
    model with the most of its marks. So one fitted object serves cells with five marks, with
    four and with three, also in one array.

    Parameters
    ----------
    estimator : estimator or None, default=None
        Classifier of signals, alone or at the end of a pipeline; None is for
        ``HistoneLinearClassifier(n_regions=10)`` (fewer regions where there are fewer bins).
    subsets : "all" or sequence of sequences of str, default="all"
        The subsets of marks that get a model. ``"all"`` are all with at least ``min_marks``
        marks, which is for up to six marks and fast estimators: of five marks 31 models, of the
        default estimator 1.4 CPU seconds for 14,578 genes. State the subsets that your cells have
        for a network: ``[["H3K27me3", "H3K36me3"], ...]``.
    min_marks : int, default=1
        Number of marks that a sample needs at least. Samples with fewer are refused.
    n_jobs : int or None, default=None
        Number of models fitted at a time, as for :class:`joblib.Parallel`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    models_ : list of estimators
        The fitted models.
    subsets_ : list of tuple of str
        The marks of each model, largest subsets first.
    n_samples_fit_ : ndarray of shape (n_models,)
        The number of samples that each was fitted on.
    mark_names_in_, n_bins_in_, n_marks_in_, n_features_in_, feature_names_in_
        As for :class:`HistoneCNNClassifier`.

    See Also
    --------
    HistoneDataset.concat : Joins cells with different marks: ``concat(..., marks="union")``.
    MarkSubsetRegressor : The same for the level of expression.

    Notes
    -----
    A data set may lack marks, or have others, which are left out; marks are matched by name. In
    an array the mark that a sample lacks is NaN in all of its bins. An array of two axes holds
    bins of one mark, or the columns ``mark:bin``.

    A network may instead be trained once, on copies of the samples with random marks hidden and
    stated to be (``benchmarks/missing_marks.py network``). The CNN so trained, on four copies, is
    as good as one of its own for four marks of E012 (AUROC .936 without H3K4me3) and worse for
    three (.901, not .909 for H3K27me3, H3K36me3 and H3K9me3), at the cost of four fits: to state
    the subsets that occur is better for as much. Ten regions reach .928 and .896 there.

    Examples
    --------
    >>> from histoexpr import MarkSubsetClassifier, make_histone_cells
    >>> data = make_histone_cells(n_cells=2, n_genes=300, random_state=0)
    >>> clf = MarkSubsetClassifier().fit(data.select(cells="C01"))
    >>> new = data.select(cells="C02", marks=["H3K27me3", "H3K36me3", "H3K4me3"])
    >>> clf.predict_proba(new).shape
    (300, 2)
    >>> clf.marks_used(new).iloc[0].to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'H3K27me3': True, 'H3K36me3': True, 'H3K4me1': False, 'H3K4me3': True, 'H3K9me3': False}
    """

    _default = HistoneLinearClassifier

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, sample_weight=None, groups=None):
        """Fit a model for each subset of marks.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; a mark that a sample lacks is NaN in all bins.
        y : array-like of shape (n_samples,), optional
            Labels; by default those of the data set.
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
            stated one has no samples of all classes, or X or y is malformed.
        """
        return self._fit(X, y, sample_weight, groups)

    def _target_of(self, source, y):
        return find_labels(self, source, y)

    def _learn_target(self, y):
        check_classification_targets(y)
        self.classes_ = np.unique(y)

    def _find_fault(self, y):
        missing = np.setdiff1d(self.classes_, y)
        if len(y) == 0 or not len(missing):
            return super()._find_fault(y)
        return f"none of class {missing[0]!r}"

    def predict(self, X):
        """Return the most probable class of each sample.

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

    @available_if(_wrapped_has("predict_proba"))
    def predict_proba(self, X):
        """Return class probabilities.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; marks may be missing.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Columns are ordered as ``classes_``.
        """
        return self._outputs(X, "predict_proba")

    @available_if(_wrapped_has("predict_log_proba"))
    def predict_log_proba(self, X):
        """Return natural logarithms of the class probabilities.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; marks may be missing.

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            Columns are ordered as ``classes_``.
        """
        return self._outputs(X, "predict_log_proba")

    @available_if(_wrapped_has("decision_function"))
    def decision_function(self, X):
        """Return the scores of the models that serve the samples.

        Models of fewer marks give scores that lie closer together: to rank samples with
        different marks in one list, the probability is as good a scale as there is.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; marks may be missing.

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_classes)
        """
        return self._outputs(X, "decision_function")

    def score(self, X, y=None, sample_weight=None):
        """Return the accuracy.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_bins)
            Signals; marks may be missing.
        y : array-like of shape (n_samples,), optional
            Labels; by default those of the data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        float
        """
        refuse_masked(sample_weight, "sample_weight")
        return super().score(X, find_labels(self, read_signals(X), y), sample_weight)


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
