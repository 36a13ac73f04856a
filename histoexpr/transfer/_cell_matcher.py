"""The base of models whose predictions are matched between cells."""

import numpy as np
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.utils import assert_all_finite, column_or_1d
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.validation import check_is_fitted

from ..preprocessing import (
    UNNAMED,
    cell_of_samples,
    check_cells_named,
    describe_values,
    new_cells,
)
from ..utils import find_labels, read_signals
from ._learn_cells import cell_params, learn_cells
from ._match_predictions import move_scores, score_map
from ._signal_models import make_signal_model
from ._take_over import as_fitted, take_over


class CellMatcher(MetaEstimatorMixin, BaseEstimator):
    """Base of meta-estimators that move the scores of new cells.

    A class has the parameters ``estimator`` and ``method``. ``_target`` states what is learned,
    and ``_default`` by what unless told; ``_output`` is the method of the estimator that is asked,
    ``_scores_of`` makes scores of what it returns, and ``_shift_of`` returns what is added to
    the scores of a cell.
    """

    # Studies give it data sets, which say how bins run and which cells there are
    _reads_data_sets = True

    def _fit(self, X, y, cell, fit_params):
        source = read_signals(X)
        y = find_labels(self, source, source.labels(y, self._target))
        y = column_or_1d(y, warn=True)
        assert_all_finite(y, input_name="y")
        self._check_target(y)
        estimator = make_signal_model(self.estimator, self._default, source)
        params = fit_params | cell_params(estimator, "fit", cell)
        self.estimator_ = clone(estimator).fit(X, y, **params)
        take_over(self, self.estimator_, source)
        found = cell_of_samples(source, cell, len(y))
        self.cells_, self.new_cells_ = np.unique(found), np.array([], dtype="U1")
        self._maps = {}
        self._learn_target(y)
        self._training_scores = describe_values(self._scores(X, cell))
        return self

    def _check_target(self, y):
        """Refuse a target."""

    def _learn_target(self, y):
        """Learn of the target what is needed later."""

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

    def _corrected(self, X, cell):
        """Return scores, those of new cells moved."""
        check_is_fitted(self)
        scores = self._scores(X, cell)
        cell = cell_of_samples(read_signals(X), cell, len(scores))
        check_cells_named(self, cell)
        known = {*self.cells_.tolist(), *self._maps}
        maps = self._maps | self._learn_maps(scores, cell, known)
        for name in np.unique(cell).tolist():
            if name in maps:
                rows = cell == name
                scores[rows] = move_scores(scores[rows], *maps[name])
        return scores

    def _scores(self, X, cell):
        """Return scores as the estimator gives them, a new array of float64."""
        X, params = as_fitted(self, X), cell_params(self.estimator_, self._output, cell)
        return self._scores_of(getattr(self.estimator_, self._output)(X, **params))

    def _learn_maps(self, scores, cell, known):
        return {name: self._map(scores[rows]) for name, rows in new_cells(cell, known).items()}

    def _map(self, scores):
        """Return what moves the scores of a new cell: knots, their targets, and a shift."""
        knots = targets = None
        if self.method == "quantile":
            knots, targets = score_map(scores, self._training_scores)
        # in one order: that of samples does not reach the last digit
        return knots, targets, self._shift_of(move_scores(np.sort(scores), knots, targets))

    def get_metadata_routing(self):
        """Return what metadata the methods ask for, for routing of scikit-learn.

        Returns
        -------
        MetadataRouter
        """
        mapping = MethodMapping().add(caller="fit", callee="fit")
        for caller in ("predict", "predict_proba", "decision_function", "score"):
            if hasattr(type(self), caller):
                mapping.add(caller=caller, callee=self._output)
        return (
            MetadataRouter(owner=self)
            .add_self_request(self)
            .add(
                estimator=self._default() if self.estimator is None else self.estimator,
                method_mapping=mapping,
            )
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.two_d_array = True
        return tags
