"""What a model file keeps of a network: the same predictions, and refusals of anything else."""

import numpy as np
import pytest
import torch
from sklearn.base import clone

from histoexpr import (
    HistoneCNNClassifier,
    HistoneCNNRegressor,
    HistoneDataset,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    HistoneMLPClassifier,
    HistoneNetClassifier,
)
from histoexpr.nn import HistoneMLP
from support.classifiers import CNN, LINEAR, LINEAR_SGD, MLP

SMALL = {"max_epochs": 2, "random_state": 0}
MODELS = {
    "cnn": clone(CNN),
    "flip": clone(CNN).set_params(random_flip=False, standardize="bin"),
    "mlp": clone(MLP),
    "linear": clone(LINEAR),
    "regions": HistoneLinearClassifier(n_regions=4, mirror=True),
    "raw": HistoneLinearClassifier(log1p=False, standardize=None, pooling="median"),
    "sgd": clone(LINEAR_SGD),
    "cnn-regressor": HistoneCNNRegressor(n_filters=4, hidden_sizes=(8,), **SMALL),
    "linear-regressor": HistoneLinearRegressor(n_regions=4),
    "net": HistoneNetClassifier(HistoneMLP, module__hidden_sizes=(6,), **SMALL),
    "net-default": HistoneNetClassifier(module__hidden_sizes=(6,), **SMALL),
}


def restored(fitted):
    again = clone(fitted)
    again._restore_state(fitted._saved_state())
    return again


@pytest.mark.parametrize("name", MODELS)
def test_a_restored_estimator_predicts_the_same_and_goes_on(name, counts):
    X, y = counts
    fitted = clone(MODELS[name]).fit(X, y)
    state = torch.random.get_rng_state()
    again = restored(fitted)
    assert torch.equal(torch.random.get_rng_state(), state)
    method = "predict_proba" if hasattr(fitted, "classes_") else "predict"
    expected = getattr(fitted, method)(X)
    np.testing.assert_array_equal(getattr(again, method)(X), expected)
    assert again.history_ == fitted.history_
    assert again.loss_curve_ == fitted.loss_curve_
    assert again.n_iter_ == fitted.n_iter_
    np.testing.assert_array_equal(getattr(restored(again), method)(X), expected)
    again.partial_fit(X, y)
    assert len(again.history_) == len(fitted.history_) + 1
    assert not np.array_equal(getattr(again, method)(X), expected)
    warm = restored(fitted).set_params(warm_start=True)
    warm.fit(X, y)
    if getattr(fitted, "solver", "sgd") == "sgd":
        assert len(warm.history_) == 2 * len(fitted.history_)
    with pytest.raises(ValueError, match="warm_start=True goes on"):
        warm.set_params(log1p=not warm.log1p).fit(X, y)


@pytest.mark.parametrize("kind", [HistoneLinearClassifier, HistoneMLPClassifier])
def test_names_and_places_are_kept(kind):
    rng = np.random.default_rng(0)
    X = rng.poisson(2, (30, 4, 2))
    where = {"cell": ["a"] * 30, "gene": [f"g{i}" for i in range(30)], "marks": ["K4", "K27"]}
    data = HistoneDataset(
        X, np.arange(30) % 2, **where, bin_size=100, window=(-200, 200), oriented=True
    )
    params = {} if kind is HistoneLinearClassifier else {"hidden_sizes": (4,), "max_epochs": 1}
    again = restored(kind(**params).fit(data))
    assert again.mark_names_in_.tolist() == ["K4", "K27"]
    assert tuple(again.window_in_) == (-200, 200)
    swapped = data.select(marks=["K27", "K4"])
    np.testing.assert_array_equal(again.predict_proba(swapped), again.predict_proba(data))


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"optimizer": torch.optim.SGD}, "optimizer"),
        ({"callbacks": [("own", object())]}, "callbacks"),
        ({"standardize": None}, "changed after fit"),
    ],
)
def test_what_cannot_be_kept_is_named_with_a_remedy(params, name, counts):
    fitted = clone(CNN).fit(*counts).set_params(**params)
    with pytest.raises(ValueError, match=name) as error:
        fitted._saved_state()
    assert "set_params" in str(error.value) or "Fit it again" in str(error.value)


def with_weights(change):
    def spoil(state):
        weights = dict(state["weights"])
        change(weights)
        return state | {"weights": weights}

    return spoil


def _set(name, make):
    return with_weights(lambda weights: weights.update({name: make(weights[name])}))


SPOILED = {
    "no weights": lambda s: {k: v for k, v in s.items() if k != "weights"},
    "weights are a list": lambda s: s | {"weights": []},
    "a weight too few": with_weights(lambda w: w.pop("input.scale")),
    "a weight too many": with_weights(lambda w: w.update(more=np.zeros(2, np.float32))),
    "another shape": _set("input.scale", lambda v: np.ones((*v.shape, 1), v.dtype)),
    "another dtype": _set("input.scale", lambda v: v.astype(np.float64)),
    "no array": _set("input.scale", lambda v: v.tolist()),
    "not finite": _set("input.center", lambda v: v * np.nan),
    "scale 0": _set("input.scale", lambda v: v * 0),
    "unit below 0": _set("input.unit", lambda v: -v),
    "a huge window": lambda s: s | {"n_bins_in_": 1 << 40},
    "many bins and marks": lambda s: s | {"n_bins_in_": 1 << 20, "n_marks_in_": 1 << 20},
    "other marks": lambda s: s | {"n_marks_in_": 3},
    "bins are true": lambda s: s | {"n_bins_in_": True},
    "unsorted classes": lambda s: s | {"classes_": s["classes_"][::-1]},
    "repeated classes": lambda s: s | {"classes_": np.array([1, 1])},
    "one class": lambda s: s | {"classes_": np.array([1])},
    "three classes": lambda s: s | {"classes_": np.arange(3)},
    "classes are objects": lambda s: s | {"classes_": np.array([1, None], dtype=object)},
    "a method replaced": lambda s: s | {"predict_proba": 1},
    "no history": lambda s: {k: v for k, v in s.items() if k != "history_"},
    "history is text": lambda s: s | {"history_": ["epoch"]},
    "history has text": lambda s: s | {"history_": [{"epoch": 1, "train_loss": "0"}]},
    "best epoch beyond": lambda s: s | {"best_epoch_": 1000},
    "names too few": lambda s: s | {"mark_names_in_": np.array(["K4"])},
    "names are numbers": lambda s: s | {"mark_names_in_": np.arange(2)},
    "a window of three": lambda s: s | {"window_in_": (1, 2, 3)},
    "orientation is text": lambda s: s | {"oriented_in_": "yes"},
}


@pytest.mark.parametrize("estimator", [CNN, LINEAR], ids=["cnn", "linear"])
@pytest.mark.parametrize("fault", SPOILED)
def test_states_that_do_not_fit_are_refused_and_leave_nothing(estimator, fault, fitted):
    params = set(vars(clone(estimator)))
    state = SPOILED[fault](fitted[type(estimator).__name__]._saved_state())
    target = clone(estimator)
    with pytest.raises(ValueError, match=r"\w"):
        target._restore_state(state)
    assert set(vars(target)) == params


@pytest.fixture(scope="module")
def fitted(counts):
    return {type(e).__name__: clone(e).fit(*counts) for e in (CNN, LINEAR)}


def test_a_huge_network_is_refused_without_its_memory(fitted):
    state = fitted["HistoneCNNClassifier"]._saved_state()
    huge = HistoneCNNClassifier(hidden_sizes=(1 << 20, 1 << 20))  # 4 TiB
    with pytest.raises(ValueError, match=r"shape|other weights"):
        huge._restore_state(state)
