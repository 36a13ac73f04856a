"""The linear network in NumPy: known answers, and those of torch."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor
from histoexpr._estimation._plain_linear import PlainLinear
from histoexpr._training import load_weights, predict_logits, weights_of
from histoexpr.nn import HistoneLinear

POOLINGS = ["mean", "max", "sum", "median", "min"]


def like(module):
    """Return a model of a network of torch with random weights."""
    rng = np.random.default_rng(0)
    arrays = {k: rng.uniform(0.5, 1.5, v.shape) for k, v in weights_of(module).items()}
    arrays = {name: value.astype(np.float32) for name, value in arrays.items()}
    settings = {"n_regions": module.n_regions, "pooling": module.pooling}
    settings |= {"log1p": module.input.log1p, "mirror": module.mirror}
    return PlainLinear.of_weights(arrays, **settings), arrays


def test_a_result_worked_out_by_hand():
    arrays = {
        "input.unit": np.array([2], np.float32),
        "input.center": np.array([[1], [0]], np.float32),
        "input.scale": np.array([[1], [2]], np.float32),
        "linear.weight": np.array([[1, 10]], np.float32),
        "linear.bias": np.array([5], np.float32),
    }
    settings = {"n_regions": 2, "pooling": "sum", "log1p": True, "mirror": False}
    found = PlainLinear.of_weights(arrays, **settings).outputs(np.array([[[1], [3], [0], [6]]]))
    # the regions have sums 4 and 6
    expected = 1 * (np.log1p(2) - 1) / 1 + 10 * np.log1p(3) / 2 + 5
    np.testing.assert_allclose(found, [[expected]], rtol=1e-6)


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("n_regions", [1, 3, 4])
@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("log1p", [False, True])
def test_it_gives_what_the_network_gives(pooling, n_regions, mirror, log1p):
    module = HistoneLinear(3, 2, n_regions=n_regions, pooling=pooling, log1p=log1p, mirror=mirror)
    plain, arrays = like(module)
    load_weights(module, arrays)
    rng = np.random.default_rng(1)
    for X in (rng.poisson(3, (300, 12, 3)).astype(np.uint16), rng.normal(size=(300, 12, 3))):
        expected = predict_logits(module, X)
        np.testing.assert_allclose(plain.outputs(X), expected, rtol=1e-5, atol=1e-5)
    features = plain.combine(plain.pool(X))
    assert features.shape == (n_regions, 3, 300)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_neither_order_nor_batch_mates_change_a_bit(pooling):
    plain, _ = like(HistoneLinear(3, 3, n_regions=4, pooling=pooling, log1p=True, mirror=True))
    rng = np.random.default_rng(0)
    X = rng.gamma(0.5, 3.0, (300, 13, 3))
    whole = plain.outputs(X)
    order = rng.permutation(300)
    np.testing.assert_array_equal(plain.outputs(X[order]), whole[order])
    parts = [plain.outputs(X[i : i + 7]) for i in range(0, 300, 7)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_array_equal(plain.outputs(X[:, ::-1]), whole)  # mirrored


def test_median_of_an_even_number_is_the_mean_of_two():
    settings = {"n_regions": 1, "pooling": "median", "log1p": False, "mirror": False}
    plain = PlainLinear.untrained(1, 1, **settings)
    assert plain.pool(np.array([[[1], [9], [2], [4]]])).ravel().tolist() == [3]
    assert plain.pool(np.array([[[1], [9], [2]]])).ravel().tolist() == [2]


def test_fitting_and_prediction_load_neither_torch_nor_skorch(tmp_path):
    code = """
import pickle, sys
import numpy as np
from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor
import histoexpr.transfer
X = np.random.default_rng(0).poisson(2, (60, 10, 2)); y = np.arange(60) % 2
for make in (HistoneLinearClassifier, HistoneLinearRegressor):
    model = make(n_regions=2).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    assert (again.predict(X) == model.predict(X)).all()
    assert again.coef_.shape[-1] == 2
heavy = {"torch", "skorch", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_models_without_a_network_are_loaded_and_predict_without_torch(tmp_path):
    code = """
import sys
import numpy as np
from histoexpr import load_model, make_histone_cells, save_model
from histoexpr.experiments import make_model
from histoexpr import HistoneLinearClassifier, MarkSubsetClassifier, CellPriorClassifier
data = make_histone_cells(n_cells=2, n_genes=60, random_state=0)
models = [make_model(name, name) for name in
          ("boosting", "boosting-regressor", "ridge", "logistic", "regions")]
models += [MarkSubsetClassifier(), CellPriorClassifier()]
for number, model in enumerate(models):
    X = data.X if hasattr(model, "steps") else data  # pipelines take arrays
    model.fit(X, data.y)
    path = save_model(model, f"{sys.argv[1]}/{number}.histoexpr")
    assert (load_model(path).predict(X) == model.predict(X)).all()
heavy = {"torch", "skorch", "matplotlib"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)


def test_the_net_is_made_when_it_is_asked_for_and_a_changed_one_predicts():
    rng = np.random.default_rng(0)
    X, y = rng.poisson(2, (60, 10, 2)), np.arange(60) % 2
    for model in (HistoneLinearClassifier(n_regions=2), HistoneLinearRegressor()):
        assert not hasattr(model, "net_")
        model.fit(X, y)
        before = model.predict(X)
        assert vars(model)["_net"] is None
        module = model.net_.module_
        assert model.net_.module_ is module
        np.testing.assert_array_equal(model.predict(X), before)
        intercept = model.intercept_
        module.linear.bias.data[-1] += 1.0
        assert np.all(model.intercept_ > intercept)
        again = pickle.loads(pickle.dumps(model))
        assert vars(again)["_net"] is None  # what the arrays say is not kept twice
        np.testing.assert_array_equal(again.predict(X), model.predict(X))
