"""What all regressors share: the target and its scale."""

import numpy as np
from sklearn.base import RegressorMixin

from .._estimation import BaseNetworkEstimator
from ..utils import StrOptions, find_labels, fit_context, read_signals, refuse_masked


class BaseHistoneRegressor(RegressorMixin, BaseNetworkEstimator):
    """Base of the regressors of one network each; see :class:`BaseNetworkEstimator`.

    Networks learn the target with mean 0 and standard deviation 1.
    """

    _parameter_constraints: dict = {"loss": [StrOptions({"squared_error", "huber"})]}
    _score = "valid_r2"
    _n_outputs = 1

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, sample_weight=None, groups=None, X_val=None, y_val=None):
        """Fit the regressor.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals, usually raw read counts; a DataFrame may have columns ``mark:bin``.
        y : array-like of shape (n_samples,), optional
            Values to predict; by default the ``log2_fold_change`` of the data set, or where it
            has none ``log2(expression + 1)``.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.
        groups : array-like, optional
            Genes, or cells and genes as for :meth:`CrossCellSplit.split`, by default those of
            the data set. Early stopping then holds out whole genes.
        X_val, y_val : HistoneDataset or array-like, optional
            Held-out samples for the validation score, instead of a part of ``X``. A data set
            brings its expression.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X or y is malformed, or X is a data set without expression, naming what is wrong.
        """
        return self._fit(X, y, sample_weight, groups, X_val, y_val)

    @fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None, sample_weight=None):
        """Train for one pass over some samples, going on from where training stands.

        The scales of signals and target are learned from the first call and kept, the learning
        rate is constant, and nothing is held out; ``callbacks`` are not called.

        Parameters
        ----------
        X, y
            See :meth:`fit`.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        self : object
        """
        return self._partial_fit(X, y, sample_weight)

    def predict(self, X):
        """Return the predicted values.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals; a data set needs no expression.

        Returns
        -------
        ndarray of shape (n_samples,)
        """
        return self._outputs(X)[:, 0] * self.target_scale_ + self.target_mean_

    def score(self, X, y=None, sample_weight=None):
        """Return the coefficient of determination, R².

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals.
        y : array-like of shape (n_samples,), optional
            Values; by default those of the data set, as in ``fit``.
        sample_weight : array-like of shape (n_samples,), optional
            Weights of the samples.

        Returns
        -------
        float
        """
        refuse_masked(sample_weight, "sample_weight")
        source = read_signals(X)
        y = find_labels(self, source, self._target_of(source, y))
        return super().score(X, y, sample_weight)

    def _target_of(self, source, y):
        pairs = getattr(source.dataset, "log2_fold_change", None) is not None
        return source.labels(y, "log2_fold_change" if pairs else "log2_expression")

    def _checks(self):
        return super()._checks() | {"y_numeric": True}

    def _target_identity(self):
        return {"target": "continuous"}

    def _learn_target(self, X, y, sample_weight, before):
        """Learn mean and deviation of the target; return it scaled, and the weights."""
        weight = self._check_weight(X, sample_weight)
        if weight is not None and not (weight > 0).any():
            raise ValueError(f"{type(self).__name__} needs samples with positive sample_weight.")
        if before is None:  # a warm start keeps the scale that its network has learned
            used = np.asarray(y, dtype=np.float64)
            self.target_mean_ = float(np.average(used, weights=weight))
            with np.errstate(over="ignore"):
                spread = np.sqrt(np.average((used - self.target_mean_) ** 2, weights=weight))
            if not np.isfinite(spread):
                raise ValueError(
                    f"y has values too large for their variance, up to {np.abs(used).max():.3g}. "
                    "Take logarithms, such as log2(RPKM + 1), or scale y down."
                )
            # of equal values rounding leaves a deviation, too
            equal = spread <= 1e-12 * abs(self.target_mean_)
            self.target_scale_ = 1.0 if equal else float(spread)
        return self._encode_target(y), weight

    def _learn_part(self, X, y, sample_weight, first):
        return self._learn_target(X, y, sample_weight, None if first else vars(self))

    def _encode_target(self, y):
        return ((y - self.target_mean_) / self.target_scale_).astype(np.float32)

    def _check_held_out(self, target):
        if np.ptp(target) == 0:
            raise ValueError(
                "The held-out samples all have the same target: R² is not defined. Pass other "
                "X_val and y_val or set early_stopping=False."
            )
