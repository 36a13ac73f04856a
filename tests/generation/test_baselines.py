"""Baseline generators."""

import numpy as np
import pytest

from histoexpr.generation import _baselines

COUNTS = {"unit": np.ones(5), "steps": np.ones(5)}


def test_baselines_keep_what_they_should(more_genes):
    X, rng = more_genes[0][:, :20].astype(float), np.random.RandomState(0)
    bins = _baselines.resampled_bins(X, 2000, rng, **COUNTS)
    np.testing.assert_allclose(np.log1p(bins).mean(axis=0), np.log1p(X).mean(axis=0), atol=0.15)
    assert (bins.max(axis=0) <= X.max(axis=0)).all()
    normal = _baselines.gaussian(X + 50, 4000, rng, **COUNTS) - 50  # far from the cut at zero
    covariance = [np.cov(np.log1p(Z + 50)[:, 3].T) for Z in (X, normal)]
    np.testing.assert_allclose(*covariance, rtol=0.2, atol=2e-3)


def test_samples_are_made_class_by_class_and_rounded_to_steps():
    X = np.repeat([[[1.0]], [[5.0]]], [3, 4], axis=0)
    made = _baselines.by_class(
        _baselines.resampled_bins,
        X,
        np.repeat([0, 1], [3, 4]),
        np.array([1, 0, 1]),
        np.random.RandomState(0),
        unit=np.ones(1),
        steps=np.array([2.0]),
    )
    assert made.ravel().tolist() == [4, 0, 4]


@pytest.mark.parametrize(
    "make", [_baselines.resampled_bins, _baselines.gaussian, _baselines.jittered]
)
@pytest.mark.parametrize("steps", [1.0, 0.0])
def test_baselines_do_not_depend_on_the_unit(more_genes, make, steps):
    X, y = more_genes[0].astype(float), more_genes[1]
    unit = np.full(5, 0.3)
    made = [
        _baselines.by_class(
            make, k * X, y, y, np.random.RandomState(0), unit=k * unit, steps=np.full(5, k * steps)
        )
        for k in (1, 1024)
    ]
    np.testing.assert_allclose(made[1] / 1024, made[0], rtol=1e-9)
    assert (made[0] == np.rint(made[0])).all() == bool(steps or make is _baselines.resampled_bins)
