"""The fully connected regressor."""

import numpy as np

from histoexpr import HistoneMLPRegressor


def test_number_of_parameters():
    X = np.random.default_rng(0).poisson(1.0, (8, 100, 5))
    fitted = HistoneMLPRegressor(max_epochs=1, random_state=0).fit(X, np.arange(8.0))
    assert sum(p.numel() for p in fitted.net_.module_.parameters()) == 3_843_225
