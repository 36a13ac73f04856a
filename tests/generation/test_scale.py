"""Scale of the signals: counts, mean and deviation by mark."""

import numpy as np
import pytest

from histoexpr import SignalGenerator
from histoexpr.generation._scale import (
    are_counts,
    critic_scale,
    largest_signal,
    output_scale,
    signal_unit,
    sum_scale,
)
from support.generators import TINY


def test_counts_are_whole_numbers_throughout():
    X = np.ones((1000, 2, 1))
    assert are_counts(X)
    assert are_counts(X.astype(np.uint8))
    X[700, 1] = 0.5
    assert not are_counts(X)


def test_a_rare_mark_does_not_fill_the_critics_view(genes):
    X = genes[0].copy()
    X[:, :, 2] = 0
    X[3, 50, 2] = 1
    scale = SignalGenerator(**TINY, random_state=0).fit(X).generator_.input.scale.numpy()
    assert 2 * scale[2] == pytest.approx(np.sqrt(np.square(scale).mean()), rel=0.2)


def test_output_scale_gives_the_share_of_presence_and_its_mean():
    rng = np.random.default_rng(0)
    latent = rng.normal([-1.2, 0.3, 3.0], [0.7, 1.0, 0.2], size=(2000, 50, 3))
    X = np.expm1(np.maximum(latent, 0))
    X = np.concatenate([X, np.zeros((2000, 50, 1))], axis=2)
    rows = np.arange(1, 2000)
    center, scale = critic_scale(X, rows, np.ones(4))
    mean, deviation = output_scale(X, rows, center, scale, np.ones(4), np.zeros(4))
    np.testing.assert_allclose(mean, [-1.2, 0.3, 3.0, 0], atol=0.02)
    np.testing.assert_allclose(deviation, [0.7, 1.0, 0.2, scale[3]], rtol=0.6)
    np.testing.assert_allclose(deviation[:2], [0.7, 1.0], atol=0.02)


def test_the_unit_is_a_read_a_count_or_a_third_of_the_usual_signal():
    X = np.random.default_rng(0).poisson(2.0, (700, 10, 3)).astype(float)
    quantum, reads = np.array([1.0, 1.0, 0.0]), np.array([0.0, 2.0, 0.0])
    unit = signal_unit(X, None, (quantum, reads, reads))
    assert unit.tolist() == [1, 2, np.median(X[..., 2][X[..., 2] > 0]) / 3]
    high = X * 100  # hundreds of counts a bin are no grain
    assert signal_unit(high, None, np.ones((3, 3)))[0] == np.median(high[high[..., 0] > 0, 0]) / 3
    assert signal_unit(0 * X, None, np.zeros((3, 3))).tolist() == [1, 1, 1]
    some = signal_unit(X * [1, 1, 7], np.arange(10), np.zeros((3, 3)))
    np.testing.assert_allclose(some, signal_unit(X[:10] * [1, 1, 7], None, np.zeros((3, 3))))


def test_scales_are_those_of_signals_in_their_unit():
    X = np.random.default_rng(0).poisson(2.0, (700, 10, 2)).astype(float)
    unit = np.array([1000, 1e-4])
    for rows in (None, np.arange(600)):
        for of in (critic_scale, lambda *given: sum_scale(*given, 5)):
            for ours, expected in zip(of(X * unit, rows, unit), of(X, rows, 1.0), strict=True):
                np.testing.assert_allclose(ours, expected)


def test_sums_over_regions_by_hand():
    X = np.array([[[1.0], [2.0], [0.0]], [[4.0], [0.0], [8.0]]])
    center, spread = sum_scale(X, None, np.ones(1), 2)  # of two bins and of one
    logs = np.log1p([[3, 0], [4, 8]])
    np.testing.assert_allclose([center[0], spread[0]], [logs.mean(), logs.std()])


@pytest.mark.parametrize("factor", [1e-3, 37.0])
def test_the_unit_of_measure_does_not_matter(factor, genes):
    X, y = genes
    one, other = (SignalGenerator(**TINY, random_state=0).fit(Z, y) for Z in (X, X * factor))
    made, scaled = (g.sample(20, y=1, random_state=0) for g in (one, other))
    np.testing.assert_allclose(scaled / factor, made, rtol=1e-3, atol=1e-3)
    assert scaled.any()


@pytest.mark.parametrize("factor", [100.0, 100.5, 1e4, 1e-4])
def test_generated_signals_have_the_scale_of_the_real_ones(factor, genes):
    X = genes[0].astype(np.float32) * np.float32(factor)
    X[..., 1] = genes[0][..., 1]  # a mark on another scale
    generator = SignalGenerator(**TINY, random_state=0).fit(X)
    made = generator.sample(50, random_state=0)
    assert (made.max(axis=(0, 1)) < 50 * X.max(axis=(0, 1))).all()
    assert (made.mean(axis=(0, 1)) > X.mean(axis=(0, 1)) / 10).all()
    error = generator.reconstruction_error(X)
    assert np.isfinite(error).all()
    assert error.mean() < 20


def test_largest_signals_are_those_of_the_rows():
    X = np.arange(1200 * 4).reshape(1200, 2, 2) % 997
    np.testing.assert_array_equal(largest_signal(X, None), X.max(axis=(0, 1)))
    rows = np.array([5, 700])
    np.testing.assert_array_equal(largest_signal(X, rows), X[rows].max(axis=(0, 1)))
