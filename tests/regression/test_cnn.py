"""The CNN as a regressor."""

import numpy as np

from histoexpr import HistoneCNNRegressor


def test_number_of_parameters_and_one_output():
    X = np.random.default_rng(0).poisson(1.0, (8, 100, 5))
    fitted = HistoneCNNRegressor(max_epochs=1, random_state=0).fit(X, np.arange(8.0))
    assert sum(p.numel() for p in fitted.net_.module_.parameters()) == 644_051
    assert fitted.predict(X).shape == (8,)
    assert "valid_r2" not in fitted.history_[0]


def test_predictions_depend_neither_on_batch_mates_nor_on_order():
    rng = np.random.default_rng(0)
    X = rng.poisson(2.0, (130, 100, 5)).astype(np.uint8)
    fitted = HistoneCNNRegressor(max_epochs=1, random_state=0).fit(X, rng.standard_normal(130))
    whole = fitted.predict(X)
    for size in (1, 8, 64):
        parts = [fitted.predict(X[i : i + size]) for i in range(0, 130, size)]
        np.testing.assert_array_equal(np.concatenate(parts), whole)
