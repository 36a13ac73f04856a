"""Scale of the signals: counts, mean and deviation by mark."""

import numpy as np
import pytest

from histoexpr import SignalGenerator
from histoexpr.generation._scale import are_counts, critic_scale, output_scale
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
    center, scale = critic_scale(X, rows)
    mean, deviation = output_scale(X, rows, center, scale, counts=False)
    np.testing.assert_allclose(mean, [-1.2, 0.3, 3.0, 0], atol=0.02)
    np.testing.assert_allclose(deviation, [0.7, 1.0, 0.2, scale[3]], rtol=0.6)
    np.testing.assert_allclose(deviation[:2], [0.7, 1.0], atol=0.02)
