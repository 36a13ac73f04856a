"""What genes are compared with."""

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor
from histoexpr.inspection import ModelOutput, Samples
from histoexpr.inspection._baselines import make_baseline, read_reference
from support.small_datasets import make_dataset


@pytest.fixture(scope="module")
def data():
    return make_dataset(n_genes=40)


@pytest.fixture(scope="module")
def model(data):
    return HistoneLinearClassifier().fit(data)


def made(baseline, data, model, X=None, reference=None):
    samples = Samples(data if X is None else X, [model])
    kept = read_reference(reference, samples, model, baseline)
    return make_baseline(baseline, samples, kept, ModelOutput(model))


def average(X):
    return np.expm1(np.log1p(X.astype(float)).mean(axis=0))


def test_the_average_gene(data, model):
    values, name = made("mean", data, model)
    np.testing.assert_allclose(values, average(data.X))
    assert name.startswith(f"average of {len(data)}")
    few, _ = made("mean", data, model, data[:1], reference=data)
    np.testing.assert_allclose(few, values)


def test_marks_of_a_reference_are_matched_by_name(data, model):
    turned = data.select(marks=data.marks[::-1])
    values, _ = made("mean", data, model, data[:2], reference=turned)
    np.testing.assert_allclose(values, average(data.X))


def test_silent_genes_by_label_by_model_and_by_prediction(data, model):
    values, name = made("silent", data, model)
    np.testing.assert_allclose(values, average(data.X[data.y == 0]))
    assert "labelled 0" in name
    bare = data.replace(y=None)
    values, name = made("silent", bare, model)
    np.testing.assert_allclose(values, average(data.X[model.predict(data) == 0]))
    assert "predicted 0" in name
    regressor = HistoneLinearRegressor().fit(data.X, data.X.mean(axis=(1, 2)))
    values, name = made("silent", bare, regressor)
    predicted = regressor.predict(data.X)
    low = predicted <= np.quantile(predicted, 0.25)
    np.testing.assert_allclose(values, average(data.X[low]))
    assert "lowest quarter" in name


def test_no_signal_and_given_signals(data, model):
    values, name = made("zero", data, model, data[:1])
    assert (values == 0).all()
    assert name == "no signal"
    own = np.ones(data.X.shape[1:])
    np.testing.assert_array_equal(made(own.tolist(), data, model, data[:1])[0], own)


def test_what_does_not_fit_is_named(data, model):
    with pytest.raises(ValueError, match=r"X has 1 sample\(s\), fewer than 20. Give reference="):
        made("mean", data, model, data[:1])
    with pytest.raises(ValueError, match=r"finite signals of shape"):
        made(np.ones((2, 2)), data, model)
    with pytest.raises(ValueError, match=r"finite signals of shape"):
        made(np.full(data.X.shape[1:], np.nan), data, model)
    with pytest.raises(ValueError, match=r"reference has \(n_bins, n_marks\)"):
        made("mean", data, model, data[:1], reference=data.X[:, :2])
    with pytest.raises(ValueError, match="baseline='silent' has none"):
        made("silent", data.replace(y=np.ones(len(data), dtype=int)), model)
