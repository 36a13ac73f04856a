"""The registry of models, and what identifies an estimator."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from histoexpr import HistoneLinearClassifier, SignalScaler
from histoexpr.classification import CLASSIFIERS
from histoexpr.experiments import MODELS, make_model, seed_model
from histoexpr.experiments._models import reads_data_sets
from histoexpr.regression import REGRESSORS
from histoexpr.utils import describe_model


def test_regions_and_regressors_can_be_named():
    assert MODELS["regions"].factory().n_regions == 10
    assert set(REGRESSORS) < set(MODELS)
    assert MODELS["regions-regressor"].factory(alpha=1.0).get_params()["alpha"] == 1.0


def test_data_sets_are_given_to_models_of_ours_throughout():
    ours = make_pipeline(SignalScaler(), HistoneLinearClassifier())
    assert reads_data_sets(ours)
    assert reads_data_sets(HistoneLinearClassifier())
    assert not reads_data_sets(make_pipeline(SignalScaler(), LogisticRegression()))
    assert not reads_data_sets(LogisticRegression())


def test_every_classifier_of_ours_can_be_named():
    assert set(CLASSIFIERS) < set(MODELS)
    for name, cls in CLASSIFIERS.items():
        assert type(MODELS[name].factory()) is cls


@pytest.mark.parametrize("name", MODELS)
def test_every_registered_model_is_made_and_seeded(name):
    model = make_model("m", name)
    assert hasattr(model, "fit")
    seeded = seed_model(model, 7)
    states = [v for k, v in seeded.get_params().items() if k.endswith("random_state")]
    assert set(states) == {7}
    assert describe_model(seed_model(model, None)) == describe_model(model)


@pytest.mark.parametrize(
    ("name", "n_features"), [("boosting", 100), ("boosting-regressor", 100), ("ridge", 50)]
)
def test_named_models_of_regions(cells, name, n_features):
    model = make_model("m", name)
    features = model[:2].fit_transform(cells.X[:30])
    assert features.shape == (30, n_features)
    width = 100 // (n_features // 5)
    np.testing.assert_allclose(features[:, :5], np.log1p(cells.X[:30, :width].sum(axis=1)))
    other = make_model("m", {"kind": name, "params": {"n_regions": 4}})
    assert other[0].n_regions == 4
