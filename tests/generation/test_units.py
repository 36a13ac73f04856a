"""Units and steps of signals."""

import numpy as np
import pytest

from histoexpr.generation._units import log_signals, pseudocounts


def test_logarithms_do_not_depend_on_the_scale():
    X = np.random.default_rng(0).poisson(2, (30, 6, 3)).astype(float)
    X[..., 2] = 0
    unit = pseudocounts(X)
    assert unit[2] == 1
    assert unit[0] == pytest.approx(0.2 * X[..., 0].mean())
    for factor in (1000, 0.01):
        np.testing.assert_allclose(
            log_signals(factor * X, pseudocounts(factor * X)), log_signals(X, unit), atol=1e-12
        )
