import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from histoexpr import load_model, save_model
from histoexpr.exceptions import DataFormatError
from tests.persistence.conftest import Parts

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(200, 3)), RNG.integers(0, 3, 200)
X[::7, 1] = np.nan
LEVEL = X[:, 0] ** 2 + 0.1
LOSSES = ({"loss": "poisson"}, {"loss": "gamma"}, {"loss": "absolute_error"},
          {"loss": "quantile", "quantile": 0.2})  # fmt: skip


@pytest.mark.parametrize(
    ("model", "y"),
    [
        (HistGradientBoostingClassifier(max_iter=5), Y),
        (HistGradientBoostingClassifier(max_iter=5, early_stopping=True), Y > 0),
        (HistGradientBoostingRegressor(max_iter=5), LEVEL),
        *((HistGradientBoostingRegressor(max_iter=5, **loss), LEVEL) for loss in LOSSES),
        (HistGradientBoostingRegressor(max_iter=3), np.ones(200)),
    ],
)
def test_trees_come_back_with_missing_values(model, y, tmp_path):
    model.fit(X, y)
    loaded = load_model(save_model(model, tmp_path / "m"))
    other = RNG.normal(size=(50, 3)) * 5
    other[::3, 2] = np.nan
    method = "predict_proba" if hasattr(model, "predict_proba") else "predict"
    np.testing.assert_array_equal(getattr(loaded, method)(other), getattr(model, method)(other))
    assert loaded.n_iter_ == model.n_iter_


@pytest.fixture
def broken(tmp_path):
    """Return a function: change arrays of a kept model and expect that it is refused."""
    model = HistGradientBoostingClassifier(max_iter=3).fit(X, Y > 0)
    path = save_model(model, tmp_path / "m")

    def check(fault, **changes):
        made = Parts(path)
        made.info["probe"] = None
        for name, change in changes.items():
            node = made.tree["state"][name]
            if isinstance(node, dict):
                made.arrays[node["name"]] = np.ascontiguousarray(change(made.arrays[node["name"]]))
            else:
                made.tree["state"][name] = change(node)
        made.write(tmp_path / "n")
        with pytest.raises(DataFormatError, match=fault):
            load_model(tmp_path / "n")

    return check


def test_trees_that_never_end_or_leave_their_memory_are_refused(broken):
    for side in ("left", "right"):
        for change in (
            lambda nodes: nodes * 0,
            lambda nodes: nodes + 1000,
            lambda nodes: np.full_like(nodes, 2**32 - 1),
        ):
            broken("beyond their tree, or back", **{side: change})
    broken("features that do not exist", feature_idx=lambda f: f + 3)
    broken("features that do not exist", feature_idx=lambda f: f - 2**62)
    broken("neither leaf nor inner", is_leaf=lambda leaf: leaf + 2)


def test_sizes_that_do_not_fit_are_refused(broken):
    broken("number of nodes", sizes=lambda sizes: sizes + 1)
    broken("number of nodes", sizes=lambda sizes: np.full_like(sizes, 2**62))
    broken("below 1", sizes=lambda sizes: sizes * 0)
    broken("shape", value=lambda value: value[1:])
    broken("array of f8", value=lambda value: value.astype("f4"))
    broken("not finite", value=lambda value: value * np.nan)
    broken("not finite", num_threshold=lambda value: value * np.nan)
    broken("shape", baseline=lambda value: np.zeros((1, 9)))
    broken("trees in an iteration", n_trees_per_iteration_=lambda n: 2)
    for n_features in (10**15, 2**32, 2**21):
        broken("whole number", n_features_in_=lambda n, new=n_features: new)
