"""Measures of fidelity by hand, and what they detect."""

import numpy as np
import pytest

from histoexpr.generation import _baselines, _fidelity
from histoexpr.generation._fidelity import fidelity_errors, quick_judge


def test_measures_by_hand():
    A = np.zeros((4, 3, 1))
    B = np.full((4, 3, 1), np.e - 1)
    assert _fidelity.marginal_distance(A, B) == pytest.approx([1.0])
    assert _fidelity.zero_fraction_error(A, B) == pytest.approx([1.0])
    assert np.isnan(_fidelity.profile_correlation(A, B)).all()
    peak = np.zeros((2, 4, 1))
    peak[:, 1] = 5
    assert _fidelity.profile_correlation(peak, 2 * peak) == pytest.approx([1.0])
    assert _fidelity.profile_correlation(peak, 5 - peak) == pytest.approx([-1.0])


def test_mark_correlation_sees_decoupled_marks():
    rng = np.random.default_rng(0)
    level = rng.poisson(20, (300, 1, 1)) + np.zeros((1, 6, 2))
    shuffled = np.stack([level[:, :, 0], level[rng.permutation(300), :, 1]], axis=2)
    assert _fidelity.mark_correlation_error(level, level) == 0
    assert _fidelity.mark_correlation_error(shuffled, level) > 0.8
    np.testing.assert_allclose(_fidelity.marginal_distance(shuffled, level), 0, atol=1e-12)


def test_autocorrelation_sees_independent_bins():
    rng = np.random.default_rng(0)
    smooth = np.repeat(rng.poisson(5, (200, 4, 1)), 10, axis=1)
    scattered = rng.permuted(smooth, axis=0)
    assert _fidelity.autocorrelation_error(smooth, smooth) == 0
    assert _fidelity.autocorrelation_error(scattered, smooth)[0] > 0.4


def test_collapse_and_copies_are_detected(more_genes):
    X = more_genes[0].astype(float)
    train, test = X[:70], X[70:140]
    collapsed = np.repeat(test[:1], 70, axis=0)
    assert _fidelity.coverage(collapsed, test) < 0.3
    assert _fidelity.coverage(train, test) > 0.6
    copies = _baselines.jittered(train, 70, np.random.RandomState(0))
    assert _fidelity.memorisation(copies, train, test) > 0.95
    assert _fidelity.memorisation(copies, test, train) < 0.05
    assert abs(_fidelity.memorisation(X[140:], train, test) - 0.5) < 0.2
    assert _fidelity.sliced_wasserstein(collapsed, test) > _fidelity.sliced_wasserstein(
        train, test
    )
    # one typical signal is near to many, but reaches none
    typical = np.repeat(np.expm1(np.log1p(test).mean(axis=0))[None], 70, axis=0)
    assert _fidelity.coverage(typical, test) > 0.5
    assert _fidelity.recall(typical, test) == 0
    assert _fidelity.recall(train, test) > 0.6


def test_reversed_copies_are_copies(more_genes):
    X = more_genes[0].astype(float)
    train, test = X[:70], X[70:140]
    copies = train[:, ::-1]
    assert _fidelity.memorisation(copies, train, test) < 0.8
    assert _fidelity.memorisation(copies, train, test, reversed_too=True) > 0.95
    assert _fidelity.memorisation(X[140:], train, test, reversed_too=True) < 0.8


def test_recall_and_coverage_by_hand():
    line = np.expm1(np.arange(6.0)).reshape(6, 1, 1)
    far = np.expm1(np.array([2.4, 20.0, 20.0, 20.0, 20.0, 20.0])).reshape(6, 1, 1)
    # within 1 of its nearest neighbour: 2 and 3 only
    assert _fidelity.coverage(far, line, n_neighbors=1) == pytest.approx(2 / 6)
    # 2.4 is 17.6 from its nearest neighbour, and all of the line is nearer
    assert _fidelity.recall(far, line, n_neighbors=1) == 1
    assert _fidelity.recall(line, far, n_neighbors=1) == pytest.approx(1 / 6)


def test_two_sample_tests_detect_only_what_differs():
    rng = np.random.default_rng(0)
    A, B = rng.poisson(3, (2, 80, 5, 2))
    for model in ("tree", "neighbours"):
        assert abs(_fidelity.two_sample_auroc(A, B, model) - 0.5) < 0.2
        assert _fidelity.two_sample_auroc(A, B + 4, model) > 0.95


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


def test_two_sample_models_are_named():
    A = np.ones((10, 2, 1))
    with pytest.raises(ValueError, match=r"'model' parameter.*neighbours"):
        _fidelity.two_sample_auroc(A, A, "forest")


def test_the_quick_judge_finds_what_does_not_belong_together():
    rng = np.random.default_rng(0)
    A, B = (rng.poisson(rng.gamma(2.0, 3, (400, 1, 1)), (400, 30, 2)) for _ in range(2))
    assert abs(quick_judge(A, B) - 0.5) < 0.06  # as real as the others
    shuffled = np.stack([A[..., 0], rng.permutation(A[..., 1])], axis=2)  # of two genes each
    found = quick_judge(shuffled, B)
    assert found > 0.7
    assert quick_judge(shuffled * 1e4, B * 1e4) == pytest.approx(found, abs=0.02)
    assert quick_judge(A[:99], B * 5) == 0.5
