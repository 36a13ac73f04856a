import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

from histoexpr import load_model, save_model
from tests.persistence.conftest import Parts

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 4)), RNG.integers(0, 3, 60)
SCALERS = StandardScaler(with_mean=False), MinMaxScaler(), MaxAbsScaler(), RobustScaler()


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
@pytest.mark.parametrize(
    "model",
    [
        LogisticRegression(), LogisticRegression(fit_intercept=False), Ridge(), LinearRegression(),
        Lasso(alpha=0.01), ElasticNet(alpha=0.01), MLPClassifier((5,), max_iter=3),
        MLPRegressor(hidden_layer_sizes=(5, 4), max_iter=3, early_stopping=True),
        *(make_pipeline(scaler, LogisticRegression()) for scaler in SCALERS),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("y", [Y, Y > 0, np.array(list("abc"))[Y]], ids=["3", "2", "text"])
def test_models_come_back(model, y, tmp_path):
    if y.dtype.kind == "U" and not hasattr(model, "predict_proba"):
        y = RNG.normal(size=60)
    model.fit(X, y)
    loaded = load_model(save_model(model, tmp_path / "m"))
    method = "predict_proba" if hasattr(model, "predict_proba") else "predict"
    np.testing.assert_array_equal(getattr(loaded, method)(X), getattr(model, method)(X))
    assert model.score(X, y) == loaded.score(X, y)


def test_columns_of_a_frame_are_kept(tmp_path):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=list("abcd"))
    loaded = load_model(save_model(StandardScaler().fit(frame), tmp_path / "m"))
    assert loaded.feature_names_in_.tolist() == list("abcd")
    with pytest.raises(ValueError, match="feature names"):
        loaded.transform(frame[["b", "a", "c", "d"]])


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_layers_that_do_not_fit_are_refused(tmp_path):
    model = MLPClassifier((5,), max_iter=3).fit(X, Y)
    made = Parts(save_model(model, tmp_path / "m"))
    made.tree["state"]["n_features_in_"] = 5
    made.info["probe"] = None
    with pytest.raises(ValueError, match="do not fit together"):
        load_model(made.write(tmp_path / "n"))
