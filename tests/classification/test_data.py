"""Labels and weights that classifiers are trained on."""

import numpy as np
import pytest
from sklearn.base import clone

from support.classifiers import ALL, CNN, LINEAR, NETS, ids


def test_one_class_is_an_error_that_names_it(counts):
    with pytest.raises(ValueError, match=r"two classes, but y contains 1 class: \['on'\]"):
        clone(CNN).fit(counts[0][:5], ["on"] * 5)


@pytest.mark.parametrize("estimator", NETS, ids=ids)
def test_weights(estimator, counts):
    X, y = counts
    ones = clone(estimator).fit(X, y, sample_weight=np.full(300, 2.5))
    plain = clone(estimator).fit(X, y)
    np.testing.assert_allclose(ones.predict_proba(X), plain.predict_proba(X), rtol=1e-4)
    keep = np.arange(300) < 200
    dropped = clone(estimator).fit(X, y, sample_weight=keep.astype(float))
    cut = clone(estimator).fit(X[keep], y[keep])
    np.testing.assert_allclose(dropped.predict_proba(X), cut.predict_proba(X), rtol=1e-4)
    heavy = clone(estimator).fit(X, y, sample_weight=np.where(y == 1, 20.0, 1.0))
    assert heavy.predict_proba(X)[:, 1].mean() > plain.predict_proba(X)[:, 1].mean()
    by_class = clone(estimator).set_params(class_weight={0: 1, 1: 20}).fit(X, y)
    np.testing.assert_allclose(by_class.predict_proba(X), heavy.predict_proba(X), rtol=1e-5)


@pytest.mark.filterwarnings("ignore:Early stopping holds out samples at random")
def test_one_cell_as_groups_divides_nothing(counts):
    X, y = counts
    clf = clone(CNN).set_params(early_stopping=True)
    plain = clone(clf).fit(X, y).decision_function(X)
    grouped = clone(clf).fit(X, y, groups=["E003"] * 300).decision_function(X)
    np.testing.assert_array_equal(grouped, plain)


@pytest.mark.parametrize("estimator", ALL, ids=ids)
def test_balanced_classes(estimator, counts):
    X, y = counts
    names = np.where(np.arange(300) < 20, "rare", np.array(["off", "on"])[y])
    weight = np.where(names == "rare", 0.0, 1.0)
    balanced = clone(estimator).set_params(class_weight="balanced")
    clf = balanced.fit(X, names, sample_weight=weight)
    assert np.isfinite(clf.decision_function(X)).all()
    share = np.mean(y[20:])
    by_hand = {0: 0.5 / (1 - share), 1: 0.5 / share}
    dictated = clone(estimator).set_params(class_weight=by_hand).fit(X[20:], y[20:])
    twin = clone(estimator).set_params(class_weight="balanced").fit(X[20:], y[20:])
    np.testing.assert_allclose(
        twin.predict_proba(X), dictated.predict_proba(X), rtol=1e-3, atol=1e-5
    )
    with pytest.raises(ValueError, match="does not work with partial_fit"):
        clone(balanced).partial_fit(X, y, classes=[0, 1])
    with pytest.raises(ValueError, match="at least two classes"):
        clone(estimator).partial_fit(X, y, classes=[0])


@pytest.mark.parametrize("estimator", ALL, ids=ids)
@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_weights_of_classes_must_make_sense(estimator, counts, value):
    with pytest.raises(ValueError, match="class_weight must hold finite numbers"):
        clone(estimator).set_params(class_weight={0: value, 1: 1.0}).fit(*counts)


def test_left_out_labels_are_said(counts):
    X, _ = counts
    y = np.resize([-1, 0, 1], len(X))
    with pytest.warns(UserWarning, match="-1, 0 and 1: three classes.*y != -1"):
        clf = clone(LINEAR).fit(X, y)
    assert clf.classes_.tolist() == [-1, 0, 1]
    assert clone(LINEAR).fit(X, np.resize([-1, 1], len(X))).classes_.tolist() == [-1, 1]
