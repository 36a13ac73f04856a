"""What the models of pairs of cells share: both orders, in training and in prediction."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from ..datasets import HistoneDataset
from ..utils import (
    HasMethods,
    check_sample_weight,
    check_signals,
    name_marks,
    read_signals,
    signed_dtype,
    swap_sides,
    swapped_marks,
)


class PairModel(BaseEstimator):
    """Base of models that are fitted to both orders of two cells and average their answers.

    A class states in ``_default`` the estimator of ``estimator=None``, and in ``_swap_target``
    what becomes of the target.
    """

    _parameter_constraints: dict = {
        "estimator": [HasMethods(["fit", "get_params"]), None],
        "antisymmetric": ["boolean"],
        "mark_names": ["array-like", None],
    }
    # Studies give it data sets, which name the sides
    _reads_data_sets = True

    def _fit_both(self, source, X, y, sample_weight):
        """Fit ``estimator_`` to checked signals and targets, in both orders if so asked."""
        self._learn_sides(X)
        weight = None if sample_weight is None else check_sample_weight(sample_weight, X)
        given = self._given(source, X)
        pair = np.arange(len(X))
        if self.antisymmetric:
            given = _join(given, self._swapped(given))
            y, pair = np.concatenate([y, self._swap_target(y)]), np.concatenate([pair, pair])
            weight = None if weight is None else np.concatenate([weight, weight])
        estimator = self._default() if self.estimator is None else clone(self.estimator)
        extra = {}
        prefix, last = _last_step(estimator)
        if weight is not None:
            if not has_fit_parameter(last, "sample_weight"):
                raise ValueError(
                    f"sample_weight was given, but {type(last).__name__} takes none. Leave it out."
                )
            extra[f"{prefix}sample_weight"] = weight
        if has_fit_parameter(last, "groups") and not isinstance(given, HistoneDataset):
            # early stopping must not hold out a pair of which the other order is trained on
            extra[f"{prefix}groups"] = pair
        self.estimator_ = estimator.fit(given, y, **extra)
        return self

    def _both(self, X, output):
        """Return what a function of X gives for pairs, and for them the other way round."""
        check_is_fitted(self)
        source = read_signals(X)
        X = check_signals(self, source, reset=False, two_d="marks")
        given = self._given(source, np.ascontiguousarray(X))
        there = output(given)
        return there, output(self._swapped(given)) if self.antisymmetric else None

    def _learn_sides(self, X):
        """Find out what swapped pairs are, from the names of the marks."""
        known = getattr(self, "mark_names_in_", None)
        known = None if known is None else known.tolist()
        if known is None and self.mark_names is None:
            self._sides = None
            self._warn_of_signals(X)
            return
        names = name_marks(self.mark_names, known, X.shape[2], "mark_names")
        self._sides = swapped_marks(names)
        if self._sides is None and self.antisymmetric:
            raise ValueError(
                f"The marks {', '.join(names)} are not those of pairs of cells. Make pairs with "
                "histoexpr.pair_cells."
            )
        self.mark_names_in_ = np.asarray(names, dtype=object)

    def _warn_of_signals(self, X):
        """Say what signals without names are taken for."""
        if self.antisymmetric and X.shape[1] > 1 and X.min(initial=0) >= 0:
            warnings.warn(
                f"X has three axes and no names of marks: {type(self).__name__} takes its values "
                "for changes between two cells, but none is negative. Pass the data set of "
                "pair_cells, or mark_names=pairs.marks.",
                UserWarning,
                stacklevel=4,
            )

    def _given(self, source, X):
        """Return checked signals as the estimator gets them: a data set, or an array as X came."""
        if source.dataset is None:
            return X.reshape(len(X), -1) if source.is_flat else X
        marks = getattr(self, "mark_names_in_", source.marks)
        return source.dataset.replace(X=X, marks=list(marks))

    def _swapped(self, given):
        """Return pairs the other way round, in the same form."""
        if isinstance(given, HistoneDataset):
            return given.replace(X=self._swap_array(given.X))
        return self._swap_array(given)

    def _swap_array(self, X):
        if self._sides is None:
            return 0 - X.astype(signed_dtype(X.dtype), copy=False)
        if X.ndim == 2:
            return swap_sides(X[:, np.newaxis], *self._sides)[:, 0]
        return swap_sides(X, *self._sides)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags


def _join(one, other):
    if isinstance(one, HistoneDataset):
        return HistoneDataset.concat([one, other])
    return np.concatenate([one, other])


def _last_step(estimator):
    """Return the estimator that ends a pipeline, or itself, and the prefix of its parameters."""
    prefix = ""
    while steps := getattr(estimator, "steps", None):
        name, estimator = steps[-1]
        prefix += f"{name}__"
    return prefix, estimator
