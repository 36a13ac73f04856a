"""Counts drawn around expected signals, and the coverage of reads."""

import numpy as np
import pytest
import torch
from scipy.stats import norm, poisson

from histoexpr.nn._grain import SignalGrain, poisson_quantile


def grain_of(n_bins, *, read=0.0, reach=0.0, quantum=1.0, dispersion=None):
    grain = SignalGrain(n_bins, 1, reads=read > 0)
    for name, value in {"quantum": quantum, "read": read, "reach": reach}.items():
        getattr(grain, name).fill_(value)
    if dispersion is not None:
        torch.nn.init.constant_(grain.dispersion, dispersion)
    return grain


def draw(grain, expected, n_samples, seed=0):
    noise = torch.randn(n_samples, grain.noise_size, generator=torch.Generator().manual_seed(seed))
    signals = torch.as_tensor(expected, dtype=torch.float32).expand(n_samples, *grain.shape[1:])
    return grain(signals, noise).detach().numpy()


@pytest.mark.parametrize("mean", [0.0, 0.1, 1.0, 5.0, 11.9])
def test_quantiles_of_small_means_are_exact(mean):
    z = np.random.default_rng(0).standard_normal(2000).astype(np.float32)
    found = poisson_quantile(torch.full((2000,), mean), torch.as_tensor(z)).numpy()
    expected = poisson.ppf(norm.cdf(z.astype(float)), mean) if mean else np.zeros(2000)
    assert (found == expected).mean() > 0.999  # a bound between two counts may round


@pytest.mark.parametrize("mean", [12.1, 40.0, 400.0])
def test_quantiles_of_large_means_are_one_off_at_the_most(mean):
    z = np.random.default_rng(0).standard_normal(2000).astype(np.float32)
    found = poisson_quantile(torch.full((2000,), mean), torch.as_tensor(z)).numpy()
    expected = poisson.ppf(norm.cdf(z.astype(float)), mean)
    assert np.abs(found - expected).max() <= 1
    assert (found == expected).mean() > 0.95


def test_counts_vary_as_reads_do():
    made = draw(grain_of(50, dispersion=20.0), np.full((50, 1), 3.0), 400)
    assert made.mean() == pytest.approx(3, rel=0.02)
    assert made.var() == pytest.approx(3, rel=0.05)
    assert (made == 0).mean() == pytest.approx(np.exp(-3), rel=0.1)


def test_without_dispersion_the_count_is_the_median():
    made = draw(grain_of(50, dispersion=-20.0), np.full((50, 1), 3.0), 20)
    np.testing.assert_array_equal(made, poisson.median(3.0))


def test_counts_in_another_unit_are_multiples_of_it():
    plain, scaled = grain_of(50), grain_of(50, quantum=0.25)
    expected = np.linspace(0, 20, 50)[:, None]
    made = draw(scaled, expected / 4, 30)
    np.testing.assert_allclose(made * 4, draw(plain, expected, 30))


def test_coverage_is_that_of_whole_reads():
    grain = grain_of(60, read=37.0, reach=0.36, dispersion=20.0)
    expected = np.zeros((60, 1))
    expected[20:40] = 37 * 0.8
    made = draw(grain, expected, 2000)[:, :, 0]
    assert made.mean() == pytest.approx(expected.mean(), rel=0.02)
    np.testing.assert_array_equal(made.sum(axis=1) % 37, 0)  # none leaves the window here
    assert (made[:, :20] == 0).all()
    # the last bin passes on what reads that start there leave to the next one
    assert made[:, 40].mean() == pytest.approx(37 * 0.8 * 0.36 / 2, rel=0.1)
    stretches = [row[row > 0] for row in made if (row > 0).sum() == 1]
    assert all(stretch[0] % 37 == 0 for stretch in stretches)
    # a bin is empty if none starts there and none comes from the bin before
    assert (made[:, 30] == 0).mean() == pytest.approx(np.exp(-0.8 * 1.36), abs=0.03)


def test_many_reads_cross_as_often_as_few():
    grain = grain_of(40, read=37.0, reach=0.36, dispersion=20.0)
    expected = np.zeros((40, 1))
    expected[20] = 37 * 200
    made = draw(grain, expected, 500)[:, :, 0]
    share = made[:, 21] / (made[:, 20] + made[:, 21])
    assert share.mean() == pytest.approx(0.18, abs=0.003)
    assert share.std() == pytest.approx(np.sqrt((0.36 / 3 - 0.18**2) / 200), rel=0.15)


def test_nothing_exceeds_the_largest_and_marks_without_grain_stay():
    grain = SignalGrain(10, 2)
    grain.quantum.copy_(torch.tensor([1.0, 0.0]))
    grain.largest.fill_(4.0)
    signals = torch.full((3, 10, 2), 30.5)
    made = grain(signals, torch.randn(3, grain.noise_size)).detach()
    assert (made[..., 0] == 4).all()
    assert (made[..., 1] == 30.5).all()


def test_gradients_are_those_of_the_smooth_signal():
    grain = grain_of(2)
    signals = torch.tensor([[[4.0], [9.0]]], requires_grad=True)
    noise = torch.tensor([[0.5, -1.0]])
    (gradient,) = torch.autograd.grad(grain(signals, noise).sum(), signals)
    share = torch.sigmoid(torch.tensor(3.0)).item()
    root = np.sqrt(np.array([4.25, 9.25]))
    expected = 1 + share * np.array([0.5, -1.0]) / (2 * root)
    np.testing.assert_allclose(gradient[0, :, 0], expected, rtol=1e-5)
