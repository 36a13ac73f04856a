"""Probabilities in cells without labels: the share of expressed genes is known or estimated."""

from numbers import Real

import numpy as np
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils import assert_all_finite, column_or_1d
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted

from ..classification import HistoneLinearClassifier
from ..preprocessing import (
    UNNAMED,
    cell_of_samples,
    check_cells_named,
    describe_values,
    new_cells,
)
from ..utils import (
    HasMethods,
    Interval,
    StrOptions,
    find_labels,
    fit_context,
    read_signals,
)
from ._learn_cells import cell_params, learn_cells
from ._learned import take_over
from ._log_odds import estimate_share, log_odds, shift_to_share


class CellPriorClassifier(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """Correct the probabilities of a classifier in cells that it has no labels of.

    A classifier calls too many genes expressed in a cell whose signals are stronger than those
    it was trained on. Where labels are cut at the median of a cell, half of its genes are
    expressed: the log-odds of each new cell are moved so that their mean probability is that
    share. Genes keep their order within the cell; the order of two cells in a gene, probabilities,
    and what is called expressed change.

    Cells of ``fit`` keep what the estimator says. What is learned of a new cell, it learns from
    all samples of the cell that are given to a method together, or beforehand from
    :meth:`learn_cells`. An array without cells is one cell without a name, that of ``fit``.

    Parameters
    ----------
    estimator : classifier, default=None
        With ``predict_proba``, for two classes; by default ``HistoneLinearClassifier()``. It may
        be a pipeline that begins with :class:`~histoexpr.CellNormalizer`.
    expressed : "training", float or "estimate", default="training"
        Share of the second class in every new cell: that of the training samples; the one given,
        between 0 and 1; or estimated for each cell from its signals, see Notes.
    method : {"shift", "quantile"}, default="shift"
        Whether log-odds of a cell are moved by one number, or first given the distribution of
        those of the training samples, which also makes cells alike whose marks are weaker.

    Attributes
    ----------
    estimator_ : classifier
        The fitted estimator.
    classes_ : ndarray of shape (2,)
        The classes.
    expressed_ : float
        Share of the second class in the training samples.
    cells_, new_cells_ : ndarray of str
        Training cells; cells that :meth:`learn_cells` has learned. Both are sorted.
    n_features_in_, feature_names_in_, n_bins_in_, n_marks_in_, mark_names_in_
        Those that the estimator has.

    Notes
    -----
    With "estimate" the share is found by the expectation-maximisation of Saerens et al. (2002,
    Neural Computation 14:21-41). That assumes that the cells differ in nothing but the share of
    expressed genes, and follows differences in depth as well: normalise the signals first.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from histoexpr import (
    ...     CellNormalizer, CellPriorClassifier, HistoneLinearClassifier, make_histone_cells)
    >>> data = make_histone_cells(n_cells=2, n_genes=300, random_state=0)
    >>> first, second = (data.select(cells=cell) for cell in data.cells)
    >>> model = CellPriorClassifier(make_pipeline(CellNormalizer(), HistoneLinearClassifier()))
    >>> proba = model.fit(first).predict_proba(second)[:, 1]
    >>> bool(abs(proba.mean() - first.y.mean()) < 1e-6)
    True
    """

    _parameter_constraints = {
        "estimator": [HasMethods(["fit", "predict_proba"]), None],
        "expressed": [
            StrOptions({"training", "estimate"}),
            Interval(Real, 0, 1, closed="neither"),
        ],
        "method": [StrOptions({"shift", "quantile"})],
    }

    def __init__(self, estimator=None, *, expressed="training", method="shift"):
        self.estimator = estimator
        self.expressed = expressed
        self.method = method

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, cell=None, **fit_params):
        """Fit the estimator.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals, as the estimator takes them.
        y : array-like of shape (n_samples,), default=None
            Labels of two classes; by default those of the data set.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set, else one without a name. Passed
            on to an estimator that asks for it by metadata routing.
        **fit_params
            Passed to ``fit`` of the estimator.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If there are not two classes, parameters do not go together, or the estimator refuses
            X or y.
        """
        if self.expressed == "estimate" and self.method == "quantile":
            raise ValueError(
                "method='quantile' gives every cell the distribution of the training samples, so "
                "there is no share to estimate. Choose method='shift', or another expressed."
            )
        source = read_signals(X)
        y = column_or_1d(find_labels(self, source, y), warn=True)
        assert_all_finite(y, input_name="y")
        check_classification_targets(y)
        kind = type_of_target(y, input_name="y")
        if kind != "binary":
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}."
            )
        estimator = HistoneLinearClassifier() if self.estimator is None else self.estimator
        params = fit_params | cell_params(estimator, "fit", cell)
        self.estimator_ = clone(estimator).fit(X, y, **params)
        self.classes_ = self.estimator_.classes_
        self.expressed_ = float(np.mean(y == self.classes_[-1]))
        take_over(self, self.estimator_)
        cell_found = cell_of_samples(source, cell, len(y))
        self.cells_, self.new_cells_ = np.unique(cell_found), np.array([], dtype="U1")
        self._maps = {}
        if self.method == "quantile":
            self._training_scores = describe_values(self._scores(X, cell))
        return self

    def learn_cells(self, X, cell=None):
        """Learn new cells, from signals alone; the estimator does first, where it can.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals of the cells, best of all their genes.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set.

        Returns
        -------
        self
            Training cells stay as they are; a cell that was learned before is learned anew.

        Raises
        ------
        ValueError
            If no cell is named, or there are fewer than 10 samples of one.

        Warns
        -----
        HistoexprWarning
            If there are fewer than 100 samples of a cell.
        """
        check_is_fitted(self)
        learn_cells(self.estimator_, X, cell)
        scores = self._scores(X, cell)
        cell = cell_of_samples(read_signals(X), cell, len(scores))
        if UNNAMED in cell:
            raise ValueError("cell is missing: name the new cell of each sample.")
        self._maps |= self._learn_maps(scores, cell, set(self.cells_.tolist()))
        self.new_cells_ = np.array(sorted(self._maps), dtype=str)
        return self

    def decision_function(self, X, cell=None):
        """Compute corrected log-odds of the second class.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set.

        Returns
        -------
        ndarray of shape (n_samples,)
            float64; positive where the second class is predicted.

        Raises
        ------
        ValueError
            If ``cell`` is missing where ``fit`` had it, or there are fewer than 10 samples of a
            new cell that :meth:`learn_cells` has not learned.

        Warns
        -----
        HistoexprWarning
            If there are fewer than 100 samples of such a cell.
        """
        check_is_fitted(self)
        scores = self._scores(X, cell)
        cell = cell_of_samples(read_signals(X), cell, len(scores))
        check_cells_named(self, cell)
        known = {*self.cells_.tolist(), *self._maps}
        maps = self._maps | self._learn_maps(scores, cell, known)
        for name in np.unique(cell).tolist():
            if name in maps:
                rows = cell == name
                scores[rows] = self._moved(scores[rows], *maps[name])
        return scores

    def predict_proba(self, X, cell=None):
        """Compute corrected probabilities.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set.

        Returns
        -------
        ndarray of shape (n_samples, 2)
            Probability of each class, in the order of ``classes_``.
        """
        scores = self.decision_function(X, cell)
        return np.column_stack([expit(-scores), expit(scores)])

    def predict(self, X, cell=None):
        """Predict classes: the one with the larger corrected probability.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        positive = self.decision_function(X, cell) > 0
        return self.classes_[positive.astype(int)]

    def score(self, X, y=None, cell=None):
        """Compute the accuracy.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
            Signals.
        y : array-like of shape (n_samples,), default=None
            Labels; by default those of the data set.
        cell : array-like of shape (n_samples,), default=None
            Cell of each sample; by default that of the data set.

        Returns
        -------
        float
        """
        y = find_labels(self, read_signals(X), y)
        return float(np.mean(self.predict(X, cell) == np.asarray(y)))

    def _scores(self, X, cell):
        """Return log-odds as the estimator gives them."""
        params = cell_params(self.estimator_, "predict_proba", cell)
        return log_odds(self.estimator_.predict_proba(X, **params)[:, 1])

    def _learn_maps(self, scores, cell, known):
        return {name: self._map(scores[rows]) for name, rows in new_cells(cell, known).items()}

    def _map(self, scores):
        """Return what moves the scores of a new cell: knots, their targets, and a shift."""
        knots = targets = None
        if self.method == "quantile":
            found = describe_values(scores)
            knots, targets = found.values, self._training_scores.quantiles(found.levels)
        if self.expressed == "estimate":
            share = estimate_share(scores, self.expressed_)
            return knots, targets, float(logit(share) - logit(self.expressed_))
        share = self.expressed_ if self.expressed == "training" else self.expressed
        return knots, targets, shift_to_share(self._moved(scores, knots, targets, 0.0), share)

    @staticmethod
    def _moved(scores, knots, targets, shift):
        if knots is None:
            return scores + shift
        # beyond the ends as far from them as before
        inside = np.clip(scores, knots[0], knots[-1])
        return np.interp(inside, knots, targets) + (scores - inside) + shift

    def get_metadata_routing(self):
        """Return what metadata the methods ask for, for routing of scikit-learn.

        Returns
        -------
        MetadataRouter
        """
        mapping = MethodMapping().add(caller="fit", callee="fit")
        for caller in ("predict", "predict_proba", "decision_function", "score"):
            mapping.add(caller=caller, callee="predict_proba")
        estimator = HistoneLinearClassifier() if self.estimator is None else self.estimator
        return (
            MetadataRouter(owner=self)
            .add_self_request(self)
            .add(estimator=estimator, method_mapping=mapping)
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.three_d_array = True
        tags.input_tags.two_d_array = True
        return tags
