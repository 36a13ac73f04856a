"""The figures by which generators are compared in training."""

import numpy as np
import pytest

from histoexpr.generation._fidelity import fidelity_errors, sliced_wasserstein


def test_collapse_is_further_away_than_other_genes(more_genes):
    X = more_genes[0].astype(float)
    train, test = X[:70], X[70:140]
    collapsed = np.repeat(test[:1], 70, axis=0)
    assert sliced_wasserstein(test, test) == 0
    assert sliced_wasserstein(collapsed, test) > sliced_wasserstein(train, test)


def test_a_flat_profile_is_no_fidelity(genes):
    X = genes[0].astype(float)
    X[:, :, 4] = 1
    exact, collapsed = X.copy(), X.copy()
    collapsed[:] = X.mean(axis=(0, 1))
    assert fidelity_errors(exact, X)["fidelity_error"] == pytest.approx(0, abs=1e-12)
    errors = fidelity_errors(collapsed, X)
    assert errors["profile_correlation"] == 0
    assert errors["fidelity_error"] > 1
    collapsed[0] = np.inf
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(fidelity_errors(collapsed, X)["fidelity_error"])


def test_trees_find_what_does_not_belong_together():
    rng = np.random.default_rng(0)
    A, B = (rng.poisson(rng.gamma(2.0, 3, (400, 1, 1)), (400, 30, 2)) for _ in range(2))
    assert abs(fidelity_errors(A, B)["two_sample_auroc"] - 0.5) < 0.06  # as real as the others
    shuffled = np.stack([A[..., 0], rng.permutation(A[..., 1])], axis=2)  # of two genes each
    found = fidelity_errors(shuffled, B)
    assert found["two_sample_auroc"] > 0.7
    parts = 1 - found["profile_correlation"] + 2 * (found["two_sample_auroc"] - 0.5)
    parts += found["sliced_wasserstein"] + found["mark_correlation_error"]
    assert found["fidelity_error"] == pytest.approx(parts)
    assert fidelity_errors(A[:99], B * 5)["two_sample_auroc"] == 0.5
