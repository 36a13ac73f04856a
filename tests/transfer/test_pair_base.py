"""What the estimator inside a model of pairs is given."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin

from histoexpr import HistoneDataset, PairRegressor, make_histone_cells, pair_cells
from histoexpr.datasets import swap_pairs


class Spy(RegressorMixin, BaseEstimator):
    """Keeps what it is given."""

    def fit(self, X, y):
        self.X_, self.y_ = X, y
        return self

    def predict(self, X):
        self.asked_ = X
        return np.zeros(len(X))


@pytest.fixture
def pairs():
    return pair_cells(make_histone_cells(n_cells=2, n_genes=20, random_state=0))


def test_data_sets_are_given_in_both_orders(pairs):
    spy = PairRegressor(Spy()).fit(pairs).estimator_
    assert isinstance(spy.X_, HistoneDataset)
    assert spy.X_.marks == pairs.marks
    np.testing.assert_array_equal(spy.X_.X, np.concatenate([pairs.X, swap_pairs(pairs).X]))
    change = pairs.log2_fold_change
    np.testing.assert_array_equal(spy.y_, np.concatenate([change, -change]))
    assert spy.X_.gene.tolist() == pairs.gene.tolist() * 2


def test_marks_come_in_the_order_of_fit(pairs):
    model = PairRegressor(Spy(), antisymmetric=False).fit(pairs)
    model.predict(pairs.select(marks=pairs.marks[::-1]))
    assert model.estimator_.asked_.marks == pairs.marks
    np.testing.assert_array_equal(model.estimator_.asked_.X, pairs.X)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int64, np.float32, np.float64])
def test_plain_arrays_keep_their_axes_and_change_their_sign(dtype):
    flat = np.array([[1, 2, 3], [4, 5, 6]], dtype=dtype)
    spy = PairRegressor(Spy()).fit(flat, [1, 2]).estimator_
    assert spy.X_.tolist() == [[1, 2, 3], [4, 5, 6], [-1, -2, -3], [-4, -5, -6]]
    assert spy.y_.tolist() == [1, 2, -1, -2]
    assert flat.tolist() == [[1, 2, 3], [4, 5, 6]]
    named = PairRegressor(Spy(), mark_names=["second:K4", "first:K4", "change:K4"])
    spy = named.fit(flat[:, None], [1, 2]).estimator_
    assert spy.X_[:, 0].tolist() == [[1, 2, 3], [4, 5, 6], [2, 1, -3], [5, 4, -6]]
