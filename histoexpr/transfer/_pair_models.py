"""Models of what changes between two cells, of which the sign flips with their order."""

import numpy as np
from scipy.special import expit
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets

from ..utils import check_signals, find_labels, fit_context, read_signals
from ._change_models import ChangeClassifier, ChangeRegressor
from ._pair_base import PairModel

# Probabilities nearer to 0 and 1 than this have no finite log-odds
_LEAST = 1e-12


class PairRegressor(RegressorMixin, PairModel):
    """Change of expression between two cells, with the opposite sign for the other order.

    A meta-estimator: ``estimator`` g is fitted to every pair in both orders, and what is predicted
    is ``f(x) = (g(x) - g(swap x)) / 2``. Swapping the two cells flips the sign of a prediction to
    the last bit, whatever the estimator, and a pair of equal signals has no change.

    Parameters
    ----------
    estimator : estimator, default=None
        Any regressor of signals, such as :class:`HistoneCNNRegressor` or a pipeline. None is
        the mean of gradient boosting and three small networks on :class:`PairPooler`, see Notes.
    antisymmetric : bool, default=True
        False fits the estimator to the pairs as they are, and predicts what it does.
    mark_names : sequence of str, default=None
        Names of the marks, for an array of pairs, such as ``pairs.marks``.

    Attributes
    ----------
    estimator_ : estimator
        The fitted one.
    n_bins_in_, n_marks_in_ : int
        Shape of a sample.
    mark_names_in_ : ndarray of str
        Names of the marks, where known.
    n_features_in_ : int
        Number of bins, or of columns of a two-dimensional X.
    feature_names_in_ : ndarray of str
        Names of columns, if X was a DataFrame.

    See Also
    --------
    histoexpr.pair_cells : Makes the pairs.
    PairClassifier : The direction of the change.

    Notes
    -----
    Which signals belong to which cell is known from the names of the marks (``first:``,
    ``second:``, ``change:``) that a data set, a DataFrame or ``mark_names`` brings. A plain array
    has none: its values are then taken for changes, of which swapping flips the sign.

    The default averages :class:`~sklearn.ensemble.HistGradientBoostingRegressor` on the log
    changes and means of five regions and three :class:`~sklearn.neural_network.MLPRegressor`
    (64 and 32 units, about 1,100 steps) on those of ten, all with fixed seeds. On new chromosomes
    of two cells it is as good as the CNN averaged with boosting, at XX of its cost
    (``benchmarks/differential.py``). Pairs of many cells are better learned from signals made
    comparable first, by :class:`CellNormalizer`.

    Examples
    --------
    >>> import numpy as np
    >>> from histoexpr import HistoneLinearRegressor, make_histone_cells, pair_cells
    >>> from histoexpr.datasets import swap_pairs
    >>> from histoexpr.transfer import PairRegressor
    >>> pairs = pair_cells(make_histone_cells(n_cells=2, n_genes=200, random_state=0))
    >>> model = PairRegressor(HistoneLinearRegressor(n_regions=10)).fit(pairs)
    >>> np.array_equal(model.predict(swap_pairs(pairs)), -model.predict(pairs))
    True
    """

    def __init__(self, estimator=None, *, antisymmetric=True, mark_names=None):
        self.estimator = estimator
        self.antisymmetric = antisymmetric
        self.mark_names = mark_names

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, sample_weight=None):
        """Fit the estimator to pairs in both orders.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Pairs of cells, see :func:`pair_cells`, or an array; see Notes.
        y : array-like of shape (n_samples,), optional
            Change of the second cell against the first; by default ``log2_fold_change`` of the
            data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X or y is malformed, the marks are not those of pairs, or the estimator does not
            take weights that are given.
        """
        source = read_signals(X)
        y = find_labels(self, source, source.labels(y, "log2_fold_change"))
        X, y = check_signals(self, source, y, reset=True, two_d="marks", y_numeric=True)
        return self._fit_both(source, X, np.asarray(y, dtype=np.float64), sample_weight)

    def predict(self, X):
        """Return the predicted change of the second cell against the first.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Pairs of cells; a data set needs no expression.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        there, back = self._both(X, lambda given: self.estimator_.predict(given))
        return there if back is None else (there - back) / 2

    def score(self, X, y=None, sample_weight=None):
        """Return the coefficient of determination, R².

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Pairs of cells.
        y : array-like of shape (n_samples,), optional
            Changes; by default ``log2_fold_change`` of the data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        float
        """
        source = read_signals(X)
        y = find_labels(self, source, source.labels(y, "log2_fold_change"))
        return super().score(X, y, sample_weight)

    def _default(self):
        return ChangeRegressor()

    def _swap_target(self, y):
        return -y


class PairClassifier(ClassifierMixin, PairModel):
    """Direction of the change between two cells, which turns round with their order.

    A meta-estimator: ``estimator`` is fitted to every pair in both orders, with the two labels
    exchanged in the other one. The log-odds h of the pair in both orders are averaged,
    ``f(x) = (h(x) - h(swap x)) / 2``: swapping the two cells exchanges the two probabilities to
    the last bit, whatever the estimator.

    Parameters
    ----------
    estimator : estimator, default=None
        Any classifier of signals for two classes, such as :class:`HistoneCNNClassifier` or a
        pipeline. None is the mean of gradient boosting and three small networks on
        :class:`PairPooler`.
    antisymmetric : bool, default=True
        False fits the estimator to the pairs as they are, and predicts what it does.
    mark_names : sequence of str, default=None
        Names of the marks, for an array of pairs, such as ``pairs.marks``.

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
        The labels; the second is that of a rise.
    estimator_, n_bins_in_, n_marks_in_, mark_names_in_, n_features_in_, feature_names_in_
        As for :class:`PairRegressor`.

    See Also
    --------
    histoexpr.pair_cells : Makes the pairs; ``target="direction"`` leaves out genes without any.
    PairRegressor : The amount of the change; its Notes state what is taken for a pair.

    Notes
    -----
    The log-odds are those of ``predict_proba`` where the estimator has it, probabilities closer
    than 1e-12 to 0 and 1 being taken for that; else ``decision_function`` is taken for log-odds.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, make_histone_cells, pair_cells
    >>> from histoexpr.transfer import PairClassifier
    >>> cells = make_histone_cells(n_cells=2, n_genes=200, random_state=0)
    >>> pairs = pair_cells(cells, target="direction", min_change=1)
    >>> model = PairClassifier(HistoneLinearClassifier(n_regions=10)).fit(pairs)
    >>> model.predict_proba(pairs).shape == (len(pairs), 2)
    True
    """

    def __init__(self, estimator=None, *, antisymmetric=True, mark_names=None):
        self.estimator = estimator
        self.antisymmetric = antisymmetric
        self.mark_names = mark_names

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, sample_weight=None):
        """Fit the estimator to pairs in both orders.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Pairs of cells, see :func:`pair_cells`, or an array; see Notes of
            :class:`PairRegressor`.
        y : array-like of shape (n_samples,), optional
            Two labels, of which the second in order is that of a rise; by default those of the
            data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X or y is malformed, y has not two classes, the marks are not those of pairs, or
            the estimator does not take weights that are given.
        """
        source = read_signals(X)
        X, y = check_signals(self, source, y, reset=True, two_d="marks")
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(
                f"PairClassifier needs two classes, fall and rise, but y has {len(self.classes_)} "
                f"class{'es' * (len(self.classes_) != 1)}: {self.classes_.tolist()[:6]}. "
                "Only binary classification is supported."
            )
        return self._fit_both(source, X, codes, sample_weight)

    def decision_function(self, X):
        """Return the log-odds of a rise.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Pairs of cells; a data set needs no labels.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        there, back = self._both(X, self._log_odds)
        return there if back is None else (there - back) / 2

    def predict_proba(self, X):
        """Return the probabilities of a fall and of a rise.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Pairs of cells; a data set needs no labels.

        Returns
        -------
        ndarray of shape (n_samples, 2)
        """
        odds = self.decision_function(X)
        return np.column_stack([expit(-odds), expit(odds)])

    def predict(self, X):
        """Return the more probable label; a rise where both are equally probable.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Pairs of cells; a data set needs no labels.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        rises = self.decision_function(X) >= 0
        return self.classes_[rises.astype(int)]

    def score(self, X, y=None, sample_weight=None):
        """Return the accuracy.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Pairs of cells.
        y : array-like of shape (n_samples,), optional
            Labels; by default those of the data set.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        float
        """
        return super().score(X, find_labels(self, read_signals(X), y), sample_weight)

    def _log_odds(self, given):
        if hasattr(self.estimator_, "predict_proba"):
            proba = np.clip(self.estimator_.predict_proba(given), _LEAST, None)
            return np.log(proba[:, 1]) - np.log(proba[:, 0])
        return np.asarray(self.estimator_.decision_function(given), dtype=np.float64)

    def _default(self):
        return ChangeClassifier()

    def _swap_target(self, codes):
        return 1 - codes

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
