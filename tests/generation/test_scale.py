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
    mean, deviation = output_scale(X, rows, center, scale, np.ones(4), counts=False)
    np.testing.assert_allclose(mean, [-1.2, 0.3, 3.0, 0], atol=0.02)
    np.testing.assert_allclose(deviation, [0.7, 1.0, 0.2, scale[3]], rtol=0.6)
    np.testing.assert_allclose(deviation[:2], [0.7, 1.0], atol=0.02)


def test_the_unit_is_one_for_counts_and_brings_other_signals_to_their_size():
    X = np.random.default_rng(0).poisson(2.0, (700, 10, 3)).astype(float)
    X[..., 2] = 0
    assert signal_unit(X, None).tolist() == [1, 1, 1]
    outlier = X.copy()
    outlier[5] = 1e6
    assert signal_unit(outlier, None).tolist() == [1, 1, 1e6 / 3]  # the third has no other signal
    scaled = X * [1000, 1e-4, 1]
    positive = np.array([np.median(X[..., k][X[..., k] > 0]) for k in range(2)])
    unit = signal_unit(scaled, None)
    np.testing.assert_allclose(unit[:2], positive * [1000, 1e-4] / 3)
    assert unit[2] == 1
    np.testing.assert_allclose(signal_unit(scaled, np.arange(10)), signal_unit(scaled[:10], None))
    for rows in (None, np.arange(600)):
        for ours, expected in zip(
            critic_scale(scaled, rows, unit), critic_scale(scaled / unit, rows, np.ones(3)),
            strict=True,
        ):  # fmt: skip
            np.testing.assert_allclose(ours, expected)


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
