"""Baseline generators."""

import numpy as np

from histoexpr.generation import _baselines


def test_baselines_keep_what_they_should(more_genes):
    X, rng = more_genes[0][:, :20].astype(float), np.random.RandomState(0)
    bins = _baselines.resampled_bins(X, 2000, rng)
    np.testing.assert_allclose(np.log1p(bins).mean(axis=0), np.log1p(X).mean(axis=0), atol=0.15)
    assert (bins.max(axis=0) <= X.max(axis=0)).all()
    normal = _baselines.gaussian(X + 50, 4000, rng) - 50  # far from the cut at zero
    covariance = [np.cov(np.log1p(Z + 50)[:, 3].T) for Z in (X, normal)]
    np.testing.assert_allclose(*covariance, rtol=0.2, atol=2e-3)


def test_samples_are_made_class_by_class():
    X = np.repeat([[[1.0]], [[5.0]]], [3, 4], axis=0)
    made = _baselines.by_class(
        _baselines.resampled_bins,
        X,
        np.repeat([0, 1], [3, 4]),
        np.array([1, 0, 1]),
        np.random.RandomState(0),
    )
    assert made.ravel().tolist() == [5, 1, 5]
