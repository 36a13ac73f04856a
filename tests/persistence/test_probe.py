import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

from histoexpr.persistence._probe import compare_probe, kind_of, run_probe


def test_the_probe_is_the_same_every_time(models):
    method, values = run_probe(models["cnn"])
    assert method == "predict_proba"
    assert values.shape == (3, 2)
    np.testing.assert_array_equal(values, run_probe(models["cnn"])[1])
    assert len(np.unique(values[:, 1])) == 3


def test_estimators_without_three_axes_have_one_too():
    X = np.arange(12.0).reshape(4, 3)
    assert run_probe(LinearRegression().fit(X, X[:, 0]))[1].shape == (3, 1)
    assert run_probe(StandardScaler().fit(X))[0] == "transform"


def test_other_answers_are_found(models):
    method, values = run_probe(models["boosting"])
    compare_probe(models["boosting"], method, values)
    for wrong in (values + 0.001, values[:, :1]):
        with pytest.raises(ValueError, match=r"differ|something else"):
            compare_probe(models["boosting"], method, wrong)
    with pytest.raises(ValueError, match="something else"):
        compare_probe(models["boosting"], "predict", values)


def test_kinds(models):
    kinds = {name: kind_of(model) for name, model in models.items()}
    assert kinds["cnn"] == kinds["logistic"] == "classifier"
    assert kinds["ridge"] == "regressor"
    assert kind_of(StandardScaler()) == "transformer"
