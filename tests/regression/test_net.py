"""Any module as a regressor."""

import numpy as np
import pytest
from sklearn.base import clone

from histoexpr import HistoneNetRegressor
from support.modules import Pooled, Wrong


def test_learns_with_a_module_of_ones_own(levels):
    X, y = levels
    estimator = HistoneNetRegressor(
        Pooled, module__width=16, lr=1e-2, max_epochs=30, batch_size=32, random_state=0
    )
    fitted = clone(estimator).fit(X[:200], y[:200])
    assert fitted.net_.module_.body.hidden.out_features == 16
    assert fitted.score(X[200:], y[200:]) > 0.7
    again = clone(estimator).fit(X[:200], y[:200])
    np.testing.assert_array_equal(again.predict(X), fitted.predict(X))


def test_a_wrong_number_of_outputs_is_named(levels):
    with pytest.raises(ValueError, match=r"gives \(2, 2\).*expected \(2, 1\)"):
        HistoneNetRegressor(Wrong).fit(*levels)
