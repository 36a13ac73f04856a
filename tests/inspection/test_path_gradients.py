"""The integral of gradients, against integrals that are known."""

import numpy as np
import pytest
import torch

from histoexpr.inspection._path_gradients import path_gradients, signed_exp, signed_log

SETTINGS = {"n_steps": 512, "tolerance": 0.01}


def test_a_sum_of_logarithms_is_divided_exactly():
    rng = np.random.default_rng(0)
    signal, start = rng.poisson(9, (6, 2)).astype(float), np.full((6, 2), 2.5)
    weights = rng.normal(size=(6, 2))

    def function(X):
        return (torch.log1p(X) * torch.as_tensor(weights, dtype=torch.float32)).sum(dim=(1, 2))

    expected = weights * (np.log1p(signal) - np.log1p(start))
    values, complete = path_gradients(function, signal, start, expected.sum(), **SETTINGS)
    np.testing.assert_allclose(values, expected, atol=1e-5)
    assert complete


def test_a_product_is_shared_by_the_way_through_logarithms():
    # f = log(1 + a) log(1 + b) from 0: half to each
    signal = np.array([[3.0, 8.0]])
    total = np.log1p(3) * np.log1p(8)
    values, complete = path_gradients(
        lambda X: torch.log1p(X).prod(dim=2)[:, 0], signal, np.zeros((1, 2)), total, **SETTINGS
    )
    np.testing.assert_allclose(values, [[total / 2, total / 2]], rtol=1e-5)
    assert complete


def test_steps_are_added_until_the_gap_closes():
    def kinked(X):  # ReLU whose kink no quadrature of few steps meets
        return 50 * torch.relu(torch.log1p(X[:, 0, 0]) - 2.39)

    signal = np.array([[10.0]])
    difference = 50 * (np.log1p(10) - 2.39)
    few, complete = path_gradients(
        kinked, signal, np.zeros((1, 1)), difference, n_steps=8, tolerance=0.01
    )
    assert not complete
    assert abs(few.sum() - difference) > 0.01 * difference
    many, complete = path_gradients(
        kinked, signal, np.zeros((1, 1)), difference, n_steps=8192, tolerance=0.01
    )
    assert complete
    assert many.sum() == pytest.approx(difference, rel=0.01)


def test_negative_signals_have_their_logarithms():
    X = np.array([[-3.0, 0.0, 3.0]])
    np.testing.assert_allclose(signed_exp(signed_log(X)), X)
    values, _ = path_gradients(
        lambda x: x.sum(dim=(1, 2)), X, np.ones((1, 3)), float((X - 1).sum()), **SETTINGS
    )
    np.testing.assert_allclose(values, X - 1, rtol=1e-3)
