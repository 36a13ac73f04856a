"""Units and steps of signals."""

import numpy as np
import pytest

from histoexpr.generation._units import log_signals, on_steps, pseudocounts, steps_of


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


def test_steps_of_counts_of_scaled_counts_and_of_enrichments():
    rng = np.random.default_rng(0)
    counts = rng.poisson(2, (30, 6, 4)).astype(float)
    X = counts * [1, 1000, 0.37, 0]
    X[..., 3] = rng.gamma(2, 1, (30, 6))
    for values in (X, X.astype(np.float32)):
        np.testing.assert_allclose(steps_of(values), [1, 1000, 0.37, 0], rtol=1e-6)
    assert steps_of(np.zeros((3, 2, 1))).tolist() == [0]
    near = np.array([[[1.4, 1400.0, 0.5, 0.123]]])
    np.testing.assert_allclose(on_steps(near, [1, 1000, 0.37, 0]), [[[1, 1000, 0.37, 0.123]]])
