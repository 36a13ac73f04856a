"""Regions, mirrored features and scales of the linear estimators."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from histoexpr import HistoneLinearClassifier, make_histone_cells


def regions(X, edges):
    return np.stack([X[:, a:b].sum(axis=1) for a, b in pairwise(edges)], 1)


@pytest.mark.parametrize(("n_regions", "edges"), [(4, [0, 10, 20, 30, 40]), (3, [0, 13, 27, 40])])
def test_regions_are_summed_and_their_coefficients_have_places(n_regions, edges, counts):
    X, y = counts
    ours = HistoneLinearClassifier(n_regions=n_regions, alpha=1e-2, pseudocount=1.0).fit(X, y)
    features = np.log1p(regions(X, edges)).reshape(len(X), -1)
    scaled = StandardScaler().fit_transform(features)
    theirs = LogisticRegression(C=1 / (1e-2 * len(y)), tol=1e-8).fit(scaled, y)
    assert ours.coef_.shape == (n_regions, 2)
    np.testing.assert_allclose(ours.coef_.ravel(), theirs.coef_[0], rtol=1e-3, atol=1e-4)
    assert ours.region_edges_.tolist() == edges
    n_parameters = sum(p.numel() for p in ours.net_.module_.parameters())
    assert n_parameters == 2 * (2 * n_regions + 1)


def test_ten_regions_of_five_marks_have_102_parameters_and_places_in_bp():
    data = make_histone_cells(n_cells=1, n_genes=60, random_state=0)
    fitted = HistoneLinearClassifier(n_regions=10).fit(data)
    assert sum(p.numel() for p in fitted.net_.module_.parameters()) == 102
    assert fitted.region_edges_.tolist() == list(range(-5000, 5001, 1000))


def test_several_classes_have_coefficients_by_class_and_region(counts):
    X, y = counts
    fitted = HistoneLinearClassifier(n_regions=4).fit(X, y + (np.arange(300) % 3 == 0))
    assert fitted.coef_.shape == (3, 4, 2)
    assert HistoneLinearClassifier().fit(X, y).coef_.shape == (1, 2)


@pytest.mark.parametrize("n_regions", [1, 2, 5, 10])
def test_mirrored_features_do_not_see_the_direction(n_regions, counts):
    X, y = counts
    fitted = HistoneLinearClassifier(n_regions=n_regions, mirror=True).fit(X, y)
    np.testing.assert_array_equal(fitted.predict_proba(X[:, ::-1]), fitted.predict_proba(X))
    turned = X.copy()
    turned[::2] = turned[::2, ::-1]
    again = clone(fitted).fit(turned, y)
    np.testing.assert_allclose(again.predict_proba(X), fitted.predict_proba(X), rtol=1e-6)


def test_mirrored_features_are_mean_and_difference_of_two_regions():
    X = np.array([[1, 4, 2], [0, 3, 9]] * 4)[:, :, None]
    fitted = HistoneLinearClassifier(n_regions=3, mirror=True, log1p=False, standardize=None).fit(
        X, [0, 1] * 4
    )
    module = fitted.net_.module_
    features = module.features(module.linear.weight.new_tensor(X[:2]))[:, :, 0]
    assert features.tolist() == [[1.5, 4, 1], [4.5, 3, 9]]


@pytest.mark.parametrize("n_regions", [1, 10])
@pytest.mark.parametrize("factor", [1e-3, 100.0])
def test_the_unit_of_the_signals_has_no_effect(n_regions, factor, counts):
    X, y = counts
    plain = HistoneLinearClassifier(n_regions=n_regions).fit(X, y)
    scaled = HistoneLinearClassifier(n_regions=n_regions).fit(X * factor, y)
    np.testing.assert_allclose(scaled.predict_proba(X * factor), plain.predict_proba(X), rtol=1e-3)


def test_more_regions_than_bins_are_refused(counts):
    X, y = counts
    with pytest.raises(ValueError, match="n_regions=41 cannot be made of 40 bins"):
        HistoneLinearClassifier(n_regions=41).fit(X, y)
    with pytest.raises(ValueError, match="n_regions=2 needs bins, but X has marks"):
        HistoneLinearClassifier(n_regions=2).fit(X.sum(axis=1), y)
