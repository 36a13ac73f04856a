"""One fit: steps, validation, threads, thresholds and predictions."""

import sys

import numpy as np
import pytest
import torch
from sklearn import config_context
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import Ridge, RidgeClassifier
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_info

from histoexpr import (
    BinPooler,
    Flattener,
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    SignalScaler,
    make_histone_cells,
)
from histoexpr.experiments import StudySpec, run_study
from histoexpr.experiments._data import StudyData
from histoexpr.experiments._fitting import (
    _one_thread,
    _thread_pools,
    best_threshold,
    do_fit,
    fit_estimator,
    plan_steps,
    predict_expression,
    predict_scores,
    score_predictions,
)
from histoexpr.experiments._plan import make_plan
from support.study_cases import SPEC


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 240, random_state=0)


@pytest.mark.parametrize(("n_rows", "steps"), [(100, 24), (5000, 24), (33, 7), (1, 3)])
def test_steps_are_exact(cells, n_rows, steps):
    spec = StudySpec(**SPEC | {"experiments": [{"name": "e", "regime": "own", "steps": steps}]})
    fits, _ = make_plan(spec, StudyData(cells, spec.division))
    model = HistoneCNNClassifier(batch_size=32)
    fit = next(fit for fit in fits if fit.model == "cnn")
    drawn = plan_steps(model, np.arange(n_rows), fit)
    assert model.max_epochs * -(-len(drawn) // 32) == steps
    counts = np.bincount(drawn, minlength=n_rows)
    assert counts.max() - counts.min() <= 1
    assert model.early_stopping is False


def test_steps_are_taken(saved_cells, tmp_path):
    experiment = {"name": "e", "regime": "own", "steps": 6}
    spec = SPEC | {"experiments": [experiment], "random_state": [0]}
    study = run_study(spec, saved_cells, tmp_path / "out")
    assert set(study.select("e", "cnn")["steps"]) == {6}
    assert study.select("e", "linear")["steps"].isna().all()
    assert set(study.select("e", "cnn")["epochs"]) == {3}  # of 2 batches of 64


def test_steps_are_taken_in_pipelines_and_other_fits_shared(saved_cells, tmp_path):
    cnn = HistoneCNNClassifier(n_filters=2, hidden_sizes=(4,))
    models = {"cnn": cnn, "pipeline": make_pipeline(SignalScaler(), cnn), "logistic": "logistic"}
    experiments = [
        {"name": "plain", "regime": "own"},
        {"name": "steps", "regime": "own", "steps": 6},
        {"name": "leaking", "regime": "own", "validation": "leaking-test-cell"},
    ]
    experiments[0]["models"] = experiments[2]["models"] = ["logistic"]
    study = run_study(StudySpec(experiments, models, genes="split"), saved_cells, tmp_path / "out")
    for model in ("cnn", "pipeline"):
        rows = study.select("steps", model)
        assert set(zip(rows["steps"], rows["epochs"], strict=True)) == {(6, 3)}
    # which draws no batches and chooses no epoch
    names = [experiment["name"] for experiment in experiments]
    fits = [set(study.select(name, "logistic")["fit"]) for name in names]
    assert fits[0] == fits[1] == fits[2]
    assert len(study.times) == 3 * 4


class Spy(HistoneLinearClassifier):
    """Checks what validation data it is given, and how many threads."""

    def fit(self, X, y, sample_weight=None, groups=None, X_val=None, y_val=None):
        assert len(set(groups)) == len(groups) / 3
        assert torch.get_num_threads() == 1
        self.n_iter_validation = None if X_val is None else len(X_val)
        super().fit(X, y, sample_weight, groups, X_val, y_val)
        self.n_iter_ = self.n_iter_validation or 0
        return self


def test_the_test_cell_is_validated_on_only_where_said_to_leak(saved_cells, tmp_path):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    names = ["training-genes", "leaking-test-cell"]
    experiments = [{"name": n, "regime": "exclusive", "validation": n} for n in names]
    spec = StudySpec(
        experiments,
        {"spy": Spy(), "pipeline": make_pipeline(SignalScaler(), Spy())},
        genes="split",
    )
    study = run_study(spec, saved_cells, tmp_path / "out")
    for model in spec.models:
        assert set(study.select(names[0], model)["epochs"]) == {0}
        assert set(study.select(names[1], model)["epochs"]) == {80}
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


def test_models_without_probabilities_are_ranked_and_cut(saved_cells, tmp_path):
    model = make_pipeline(Flattener(), RidgeClassifier(alpha=1e4))
    study = run_study(
        StudySpec([{"name": "own", "regime": "own"}], {"ridge": model}, genes="split"),
        saved_cells,
        tmp_path,
    )
    for record in study.select("own", "ridge").to_dict("records"):
        assert record["roc_auc"] > 0.6
        assert np.isnan(record["log_loss"])
        predicted = study.predictions(record)
        score, y = predicted["prediction"], predicted["label"]
        assert record["accuracy"] == np.mean((score > 0) == y)
        assert record["transferred_accuracy"] == np.mean((score > record["threshold"]) == y)
    assert np.isnan(study.statistics.means["log_loss"][0])


def test_best_threshold_by_hand():
    y = np.array([0, 0, 1, 0, 1, 1])
    scores = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    # above 0.25 and above 0.45 five of six are right: the lower one
    assert best_threshold(y, scores) == pytest.approx(0.25)
    # one class for all where that is best: nothing above the highest, everything above the lowest
    assert best_threshold(np.array([1, 0, 0]), np.array([0.1, 0.2, 0.3])) == 0.3
    assert 0.1 > best_threshold(np.array([1, 1, 0]), np.array([0.1, 0.2, 0.3])) > 0.0999
    assert best_threshold(np.array([0, 0, 1]), np.full(3, 0.3)) == 0.3
    assert best_threshold(np.array([0, 1, 1]), np.full(3, 0.3)) < 0.3


def test_best_threshold_equals_trying_all():
    rng = np.random.default_rng(0)
    for _ in range(50):
        y, scores = rng.integers(0, 2, 9), rng.integers(0, 6, 9) / 8
        accuracy = [np.mean((scores > cut) == y) for cut in [-1, *np.unique(scores)]]
        found = best_threshold(y, scores)
        assert np.mean((scores > found) == y) == max(accuracy)


def test_predictions_of_a_cell_are_scored(recwarn):
    y, proba = np.int8([0, 1, 1, 0]), np.array([0.1, 0.4, 0.9, 0.6])
    found = score_predictions(y, proba, threshold=0.3)
    assert found["n_test"] == 4
    assert (found["accuracy"], found["transferred_accuracy"]) == (0.5, 0.75)
    assert found["roc_auc"] == 0.75
    assert np.isnan(score_predictions(y, proba)["transferred_accuracy"])
    decisions = score_predictions(y, proba - 0.5, are_probabilities=False, threshold=0.3)
    assert (decisions["accuracy"], decisions["transferred_accuracy"]) == (0.5, 0.75)
    assert np.isnan(score_predictions(y[1:3], proba[1:3])["roc_auc"])
    assert len(recwarn) == 0
    with pytest.raises(ValueError, match="not between 0 and 1"):
        score_predictions(y, np.full(4, np.nan))


def test_one_thread_holds_for_libraries_that_are_loaded_later(monkeypatch):
    def threads():
        return {pool["num_threads"] for pool in threadpool_info()}

    before = [pool["num_threads"] for pool in threadpool_info()]
    for _ in range(2):
        with _one_thread():
            assert threads() == {1}
        assert [pool["num_threads"] for pool in threadpool_info()] == before
    found = _thread_pools(len(sys.modules))
    assert _thread_pools(len(sys.modules)) is found
    monkeypatch.setitem(sys.modules, "a_module_that_was_imported_meanwhile", sys)
    assert _thread_pools(len(sys.modules)) is not found


class Keeper(ClassifierMixin, BaseEstimator):
    """Keeps what it is given."""

    def fit(self, X, y, groups=None, X_val=None, y_val=None):
        self.given_ = X, y, groups, X_val, y_val
        return self


@pytest.mark.parametrize("routing", [False, True])
def test_the_last_step_gets_validation_samples_transformed(data, routing):
    rows, validation = np.arange(100), np.arange(150, 170)
    scaler, pooler = SignalScaler(), BinPooler()
    with config_context(enable_metadata_routing=routing):
        keeper = Keeper()
        if routing:
            keeper.set_fit_request(groups=True, X_val=True, y_val=True)
        nested = make_pipeline(scaler, make_pipeline(pooler, keeper))
        fitted = fit_estimator(nested, data.X, data.y, data.gene, rows, validation)
    X = pooler.fit_transform(scaler.fit_transform(data.X[rows]))
    X_val = pooler.transform(scaler.transform(data.X[validation]))
    expected = X, data.y[rows], data.gene[rows], X_val, data.y[validation]
    for given, array in zip(fitted[-1][-1].given_, expected, strict=True):
        np.testing.assert_array_equal(given, array)
    alone = fit_estimator(Keeper(), data.X, data.y, data.gene, rows, validation)
    np.testing.assert_array_equal(alone.given_[3], data.X[validation])


def test_an_error_of_any_kind_names_the_fit(cells):
    class Failing(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            raise KeyError("column")

    with pytest.raises(
        ValueError, match=r"fit of failing, random state 0.*failed: KeyError: 'column'"
    ):
        run_fit(cells, Failing())


def test_a_failing_fit_is_named(cells):
    class Failing(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            raise FloatingPointError("no number")

    with pytest.raises(
        ValueError, match=r"failing, random state 0.*on C01, failed: FloatingPointError: no"
    ):
        run_fit(cells, Failing())


def run_fit(cells, model):
    spec = StudySpec([{"name": "own", "regime": "own"}], {"failing": model}, genes="split")
    data = StudyData(cells, spec.division)
    return do_fit(data, model, make_plan(spec, data).fits[0])


def test_scores_are_probabilities_or_decisions(cells):
    X, y = cells.X[:200], cells.y[:200]
    linear = HistoneLinearClassifier().fit(X, y)
    scores, are_probabilities = predict_scores(linear, X)
    assert are_probabilities
    np.testing.assert_array_equal(scores, linear.predict_proba(X)[:, 1])
    ridge = make_pipeline(Flattener(), RidgeClassifier(alpha=1e4)).fit(X, y)
    scores, are_probabilities = predict_scores(ridge, X)
    assert not are_probabilities
    np.testing.assert_array_equal(scores, ridge.decision_function(X))
    with pytest.raises(TypeError, match="decision_function"):
        predict_scores(BinPooler(), X)


def test_regressors_are_fitted_on_log2_expression(cells):
    model = make_pipeline(BinPooler("sum", n_regions=2), Ridge(alpha=1e3))
    spec = StudySpec([{"name": "own", "regime": "own"}], {"ridge": model}, genes="split")
    data = StudyData(cells, spec.division)
    fit = make_plan(spec, data).fits[1]
    result = do_fit(data, model, fit)
    assert result.facts["target"] == "log2_expression"
    assert np.isnan(result.facts["threshold"])
    target, own = np.log2(cells.expression + 1), cells.cell == fit.test_cells[0]
    train, test = own & (cells.split == "train"), own & (cells.split == "test")
    by_hand = model.fit(cells.X[train], target[train]).predict(cells.X[test])
    scores = result.scores[fit.test_cells[0]]
    np.testing.assert_allclose(result.predictions[fit.test_cells[0]], by_hand, rtol=1e-6)
    assert scores["r2"] == pytest.approx(r2_score(target[test], by_hand))
    assert scores["pearson"] == pytest.approx(np.corrcoef(target[test], by_hand)[0, 1])
    assert scores["roc_auc"] == pytest.approx(roc_auc_score(cells.y[test], by_hand))
    for name in ("log_loss", "accuracy", "balanced_accuracy", "transferred_accuracy"):
        assert np.isnan(scores[name])


def test_training_genes_of_one_class_do_for_regressors(cells):
    spec = StudySpec([{"name": "own", "regime": "own"}], {"ridge": "ridge"}, genes="split")
    y = np.where((cells.cell == "C01") & (cells.split == "train"), 1, cells.y)
    assert len(make_plan(spec, StudyData(cells.replace(y=y), spec.division)).fits) == 4


def test_predictions_of_expression_are_one_finite_number_each(cells):
    X = cells.X[:5]
    column = DummyRegressor().fit(X, np.arange(5.0)[:, None])
    column.predict = lambda X: np.full((len(X), 1), 2.0)
    assert predict_expression(column, X).tolist() == [2.0] * 5
    for faulty, told in [([[1.0, 2.0]] * 5, r"\(5, 2\)"), ([np.nan] * 5, "NaN or infinite")]:
        column.predict = lambda X, faulty=faulty: np.array(faulty)
        with pytest.raises(ValueError, match=told):
            predict_expression(column, X)


def test_wrapped_estimators_are_given_what_they_take():
    from histoexpr import HistoneCNNClassifier, MarkSubsetClassifier
    from histoexpr.experiments import make_model
    from histoexpr.experiments._fitting import fit_parameter

    wrapped = MarkSubsetClassifier(make_model("m", "logistic"))
    assert fit_parameter(wrapped, "groups") is None
    assert fit_parameter(MarkSubsetClassifier(HistoneCNNClassifier()), "groups") == "groups"
