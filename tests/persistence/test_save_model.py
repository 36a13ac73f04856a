import copy

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC

from histoexpr import (
    BinPooler,
    HistoneLinearClassifier,
    HistoneNetClassifier,
    load_model,
    save_model,
)
from tests.test_estimators import ESTIMATORS


def test_a_file_that_exists_is_kept(models, tmp_path):
    path = tmp_path / "m.histoexpr"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        save_model(models["linear"], path)
    assert path.read_text() == "mine"
    assert save_model(models["linear"], path, overwrite=True) == path
    assert path.read_bytes()[:2] == b"PK"


def test_folders_and_what_is_not_fitted_are_refused(models, tmp_path):
    with pytest.raises(IsADirectoryError, match="is a folder"):
        save_model(models["linear"], tmp_path)
    with pytest.raises(NotFittedError, match="Call fit before save_model"):
        save_model(clone(models["linear"]), tmp_path / "m")
    with pytest.raises(NotFittedError, match="Pipeline is not fitted"):
        save_model(clone(models["boosting"]), tmp_path / "m")
    for wrong in (HistoneLinearClassifier, "model", None):
        with pytest.raises(ValueError, match="no estimator"):
            save_model(wrong, tmp_path / "m")
    assert not list(tmp_path.iterdir())


class Own(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        return X


def refused(model, tmp_path, fault):
    with pytest.raises(ValueError, match=fault):
        save_model(model, tmp_path / "m")
    assert not list(tmp_path.iterdir())


def test_steps_that_cannot_be_kept_are_named(genes, tmp_path):
    pooled = BinPooler("sum")
    for step, fault in (
        (SVC(), "step 'svc' is sklearn.*SVC.*joblib"),
        (make_pipeline(Own(), LogisticRegression()), "step 'own' is .*Own"),
    ):
        refused(make_pipeline(pooled, step).fit(genes, genes.y), tmp_path, fault)


def test_functions_and_searches_are_refused_with_what_to_do(genes, tmp_path):
    def double(X):
        return 2 * X

    for function in (double, lambda X: X):
        model = make_pipeline(
            BinPooler("sum"), FunctionTransformer(function), LogisticRegression()
        ).fit(genes, genes.y)
        refused(model, tmp_path, r"func is .*Only some functions of NumPy")
    search = GridSearchCV(HistoneLinearClassifier(), {"n_regions": [1, 2]}, cv=2).fit(
        genes, genes.y
    )
    refused(search, tmp_path, "best_estimator_")


def test_networks_of_the_user_are_refused(genes, tmp_path):
    torch = pytest.importorskip("torch")

    class Own(torch.nn.Module):
        def __init__(self, n_bins, n_marks, n_classes):
            super().__init__()
            self.layer = torch.nn.Linear(n_bins * n_marks, n_classes)

        def forward(self, x):
            return self.layer(x.flatten(1))

    model = HistoneNetClassifier(Own, max_epochs=1).fit(genes)
    refused(model, tmp_path, "module")


def test_categorical_features_are_refused(genes, tmp_path):
    X = (genes.X.sum(axis=(1, 2))[:, None] > 50).astype(int)
    model = HistGradientBoostingClassifier(max_iter=2, categorical_features=[0]).fit(X, genes.y)
    refused(model, tmp_path, "categorical")


@pytest.mark.parametrize("wrong", [{"licenc": "MIT"}, {"licence": 5}, {"target": "rpkm"}])
def test_odd_information_is_refused(models, tmp_path, wrong):
    with pytest.raises(ValueError, match="info"):
        save_model(models["linear"], tmp_path / "m", info=wrong)
    with pytest.raises(ValueError, match="scores must be"):
        save_model(models["linear"], tmp_path / "m", scores=[1, 2])
    with pytest.raises(ValueError, match="data is ndarray"):
        save_model(models["linear"], tmp_path / "m", data=np.zeros((2, 3, 1)))


@pytest.mark.parametrize("change", [np.nan, np.zeros((2, 3))])
def test_a_model_that_could_not_be_read_is_not_written(models, tmp_path, change):
    path = save_model(models["logistic"], tmp_path / "m")
    before = path.read_bytes()
    broken = copy.deepcopy(models["logistic"])
    broken[-1].coef_ = broken[-1].coef_ * change if np.isscalar(change) else change
    with pytest.raises(ValueError, match=r"coef_ .*changed after fit"):
        save_model(broken, path, overwrite=True)
    assert path.read_bytes() == before


def test_attributes_of_networks_that_somebody_added_are_refused(models, tmp_path):
    for name in ("linear", "cnn"):
        model = copy.deepcopy(models[name])
        model.threshold = 3
        refused(model, tmp_path, "threshold")


@pytest.mark.parametrize("labels", [float, bool, str])
def test_labels_of_any_kind_are_kept(genes, tmp_path, labels):
    y = genes.y.astype(labels)
    pipeline = make_pipeline(BinPooler("sum"), LogisticRegression())
    for number, model in enumerate((pipeline, HistoneLinearClassifier())):
        model.fit(genes.X, y)
        loaded = load_model(save_model(model, tmp_path / str(number)))
        assert loaded.classes_.dtype == model.classes_.dtype
        assert loaded.predict(genes.X).tolist() == model.predict(genes.X).tolist()


def test_a_failure_leaves_no_part_of_a_file(models, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.writestr", fail)
    with pytest.raises(OSError, match="No space left"):
        save_model(models["linear"], tmp_path / "m")
    assert not list(tmp_path.iterdir())


ALL = [row.values[0] if hasattr(row, "values") else row[0] for row in ESTIMATORS]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("estimator", ALL, ids=lambda model: type(model).__name__)
def test_every_estimator_can_be_kept(estimator, tmp_path):
    estimator = clone(estimator)
    rng = np.random.default_rng(0)
    X, y = rng.poisson(2.0, (24, 20, 3)).astype(np.uint16), [0, 1] * 12
    if "max_epochs" in estimator.get_params():
        estimator.set_params(max_epochs=1)
    estimator.fit(X, y)
    loaded = load_model(save_model(estimator, tmp_path / "m"))
    method = next(
        name for name in ("predict_proba", "predict", "transform") if hasattr(estimator, name)
    )
    np.testing.assert_array_equal(getattr(loaded, method)(X), getattr(estimator, method)(X))
    # the net of skorch is made when it is asked for
    assert set(vars(estimator)) - set(vars(loaded)) <= {"net_"}
