"""A HistoneDataset wherever scikit-learn takes an X."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import BaggingClassifier, StackingClassifier, VotingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.inspection import permutation_importance
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    RandomizedSearchCV,
    cross_val_predict,
    cross_val_score,
    learning_curve,
    permutation_test_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.semi_supervised import SelfTrainingClassifier

from histoexpr import (
    BinPooler,
    CrossCellSplit,
    Flattener,
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    HistoneMLPClassifier,
    LeaveOneCellOut,
    MarkSelector,
    SignalGenerator,
    SignalScaler,
    WindowSelector,
    cell_depth,
    class_maps,
    generation_report,
    make_histone_cells,
    normalize_depth,
)
from support.generators import QUICK

# an array does not say how bins run, and flips depend on it
SMALL = {"hidden_sizes": (8,), "max_epochs": 2, "random_flip": False, "random_state": 0}
CNN = HistoneCNNClassifier(n_filters=4, **SMALL)
MLP = HistoneMLPClassifier(**SMALL)
LINEAR = HistoneLinearClassifier()
MODELS = (LINEAR, CNN, MLP)


def name_of(model):
    return type(model).__name__


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(n_cells=3, n_genes=40, random_state=0)


@pytest.fixture(scope="module")
def turned(data):
    """The same signals, without labels, marks in another order."""
    return data.select(marks=data.marks[::-1]).replace(y=None)


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_fit_and_predict(model, data, turned):
    X, y = data.return_X_y()
    expected = clone(model).fit(X, y).predict_proba(X)

    fitted = clone(model).fit(data)

    assert fitted.mark_names_in_.tolist() == data.marks
    assert (fitted.bin_size_in_, fitted.window_in_) == (data.bin_size, data.window)
    for asked in (data, turned, X, data.as_frame(), turned.as_frame()):
        np.testing.assert_array_equal(fitted.predict_proba(asked), expected)
    assert fitted.decision_function(turned).tolist() == fitted.decision_function(X).tolist()
    assert fitted.score(data) == fitted.score(X, y)
    np.testing.assert_array_equal(
        clone(model).fit(turned, y).predict_proba(data),
        clone(model).fit(np.asarray(turned), y).predict_proba(turned),
    )
    with pytest.raises(ValueError, match="no labels"):
        clone(model).fit(turned)
    with pytest.raises(ValueError, match="Missing: H3K4me3"):
        fitted.predict(data.select(marks=[m for m in data.marks if m != "H3K4me3"]))


def test_partial_fit_and_validation_data(data):
    X, y = data.return_X_y()

    by_array = clone(MLP).partial_fit(X, y, classes=[0, 1])
    by_data = clone(MLP).partial_fit(data, classes=[0, 1])
    np.testing.assert_array_equal(by_array.predict_proba(X), by_data.predict_proba(data))

    held_out = data.select(cells=data.cells[0])
    by_array = clone(MLP).fit(X, y, X_val=held_out.X, y_val=held_out.y)
    by_data = clone(MLP).fit(data, X_val=held_out.select(marks=data.marks[::-1]))
    assert by_array.history_[-1]["valid_loss"] == by_data.history_[-1]["valid_loss"]


def test_early_stopping_holds_out_genes_of_the_data_set(data):
    X, y = data.return_X_y()
    model = clone(MLP).set_params(early_stopping=True, validation_fraction=0.3)

    by_groups = clone(model).fit(X, y, groups=data.groups)
    by_data = clone(model).fit(data)

    losses = [[row["valid_loss"] for row in model.history_] for model in (by_groups, by_data)]
    assert losses[0] == losses[1]
    with pytest.warns(UserWarning, match="samples of one gene"):
        at_random = clone(model).fit(X, y)
    assert losses[0] != [row["valid_loss"] for row in at_random.history_]


PIPELINE = make_pipeline(WindowSelector((-2000, 2000)), SignalScaler(), clone(LINEAR))


@pytest.mark.parametrize("model", [*MODELS, PIPELINE], ids=name_of)
def test_cross_validation(model, data):
    X, y = data.return_X_y()
    for cv in (LeaveOneCellOut(), CrossCellSplit(n_splits=2)):
        by_groups = cross_val_score(model, X, y, groups=data.groups, cv=cv, scoring="roc_auc")
        by_data = cross_val_score(model, data, data.y, cv=cv, scoring="roc_auc")
        assert len(by_data) == cv.get_n_splits(data)
        np.testing.assert_array_equal(by_groups, by_data)
    np.testing.assert_array_equal(
        cross_val_predict(model, data, data.y, cv=LeaveOneCellOut(), method="predict_proba"),
        cross_val_predict(
            model, X, y, groups=data.groups, cv=LeaveOneCellOut(), method="predict_proba"
        ),
    )


@pytest.mark.parametrize("search", [GridSearchCV, RandomizedSearchCV, HalvingGridSearchCV])
def test_searches(search, data, turned):
    if search is RandomizedSearchCV:
        grid = {"pooling": ["sum", "max"]}, {"n_iter": 2, "random_state": 0}
    elif search is HalvingGridSearchCV:
        grid = {"pooling": ["sum", "max"]}, {"min_resources": 60, "random_state": 0}
    else:
        grid = {"pooling": ["sum", "max"]}, {}
    found = search(clone(LINEAR), grid[0], cv=LeaveOneCellOut(), **grid[1]).fit(data, data.y)

    assert found.best_params_["pooling"] in ("sum", "max")
    np.testing.assert_array_equal(found.predict(turned), found.predict(data))
    if search is GridSearchCV:
        alone = search(clone(LINEAR), grid[0], cv=LeaveOneCellOut()).fit(data)
        np.testing.assert_array_equal(
            alone.cv_results_["mean_test_score"], found.cv_results_["mean_test_score"]
        )


def test_a_permutation_test_finds_real_signal(data):
    tested = {"cv": LeaveOneCellOut(), "n_permutations": 30, "random_state": 0}
    _, _, p_value = permutation_test_score(LINEAR, data, data.y, scoring="roc_auc", **tested)
    assert p_value < 0.05
    tested["groups"] = data.gene  # labels are exchanged between the cells of a gene only
    score, others, _ = permutation_test_score(LINEAR, data, data.y, scoring="roc_auc", **tested)
    assert others.mean() <= score


@pytest.mark.parametrize(
    "outer",
    [
        CalibratedClassifierCV(clone(LINEAR), cv=LeaveOneCellOut()),
        VotingClassifier([("a", clone(LINEAR)), ("b", clone(MLP))], voting="soft"),
        StackingClassifier([("a", clone(LINEAR))], cv=3, passthrough=False),
    ],
    ids=name_of,
)
def test_meta_estimators_that_pass_X_on(outer, data, turned):
    fitted = clone(outer).fit(data, data.y)
    np.testing.assert_array_equal(fitted.predict_proba(turned), fitted.predict_proba(data))


def test_learning_curves(data):
    _, train, test = learning_curve(LINEAR, data, data.y, cv=LeaveOneCellOut(), train_sizes=[60])
    assert train.shape == test.shape == (1, 3)
    assert test.min() > 0.5


def test_tools_for_tables_through_the_flattener(data):
    X, y = data.return_X_y()
    flattener = Flattener().fit(data)
    table = flattener.transform(data)
    unflatten = FunctionTransformer(flattener.inverse_transform)
    model = make_pipeline(unflatten, clone(LINEAR))

    np.testing.assert_array_equal(flattener.inverse_transform(table), X)
    np.testing.assert_array_equal(
        model.fit(table, y).predict_proba(table), clone(LINEAR).fit(X, y).predict_proba(X)
    )
    bagging = BaggingClassifier(model, n_estimators=2, random_state=0).fit(table, y)
    assert bagging.estimators_[0][-1].n_marks_in_ == data.n_marks
    partly = np.where(np.arange(len(y)) % 3, y, -1)
    taught = SelfTrainingClassifier(model, max_iter=1).fit(table, partly)
    assert taught.estimator_[-1].n_bins_in_ == data.n_bins
    few = data.take(range(30))[:]
    small = make_pipeline(WindowSelector((-400, 400)), Flattener()).fit(few)
    table = small.transform(few)
    inner = make_pipeline(FunctionTransformer(small[-1].inverse_transform), clone(LINEAR))
    found = permutation_importance(inner.fit(table, few.y), table, few.y, n_repeats=2)
    assert found.importances.shape == (8 * data.n_marks, 2)


@pytest.mark.parametrize(
    "outer", [BaggingClassifier(clone(CNN), n_estimators=1), BaggingClassifier(clone(LINEAR))]
)
def test_tools_that_drop_names_of_columns_are_said(outer, data):
    with pytest.warns(UserWarning, match="500 (bins of one mark|marks).*Flattener"):
        clone(outer).set_params(n_estimators=1).fit(data.as_frame(), data.y)


def test_transformers_return_data_sets(data, turned):
    scaled = SignalScaler().fit(data).transform(turned)
    assert isinstance(scaled, HistoneDataset)
    assert scaled.marks == data.marks
    np.testing.assert_array_equal(scaled.X, SignalScaler().fit_transform(data.X))
    assert scaled.gene.tolist() == data.gene.tolist()
    back = SignalScaler().fit(data).inverse_transform(scaled)
    assert back.marks == data.marks
    np.testing.assert_allclose(back.X, data.X, rtol=1e-3, atol=1e-3)

    near = WindowSelector((-2000, 1000)).fit_transform(data)
    assert (near.window, near.n_bins, near.bin_size) == ((-2000, 1000), 30, 100)
    np.testing.assert_array_equal(near.X, data.X[:, 30:60])
    again = WindowSelector((-500, 500)).fit_transform(near)
    np.testing.assert_array_equal(again.X, data.X[:, 45:55])

    some = MarkSelector(["H3K4me3", "H3K27me3"]).fit(data).transform(turned)
    assert some.marks == ["H3K4me3", "H3K27me3"]
    np.testing.assert_array_equal(some.X, data.select(marks=some.marks).X)

    for pooled in (BinPooler().fit_transform(data), Flattener().fit_transform(data)):
        assert type(pooled) is np.ndarray
    framed = SignalScaler().set_output(transform="pandas").fit(data)
    assert isinstance(framed.transform(turned), pd.DataFrame)
    np.testing.assert_allclose(framed.transform(turned).to_numpy(), scaled.X.reshape(120, -1))
    assert list(framed.transform(turned))[:2] == [f"{mark}:1" for mark in data.marks[:2]]


def test_another_bin_size_is_refused(data):
    fine = HistoneDataset(
        data.X[:, 25:75], data.y, cell=data.cell, gene=data.gene, marks=data.marks, bin_size=200
    )
    model = clone(LINEAR).fit(data)
    with pytest.raises(ValueError, match=r"bins of 200 bp.*fitted with bins of 100 bp"):
        model.predict(fine)


def test_generators(data, turned):
    tiny = {"n_steps": 2, "encoder_steps": 2, "latent_dim": 4, "width": 4, "batch_size": 16}
    by_array = SignalGenerator(**tiny, random_state=0).fit(*data.return_X_y())
    by_data = SignalGenerator(**tiny, random_state=0).fit(data)

    np.testing.assert_array_equal(
        by_array.sample(3, random_state=0), by_data.sample(3, random_state=0)
    )
    assert by_data.mark_names_in_.tolist() == data.marks
    np.testing.assert_array_equal(by_data.transform(turned), by_array.transform(data.X))


def test_going_on_keeps_the_order_of_marks(data, turned):
    """A network that is trained further gets its marks in the order that it was trained on."""
    going_on = clone(MLP).set_params(warm_start=True)
    expected = clone(going_on).fit(data).fit(data).predict_proba(data)

    found = clone(going_on).fit(data).fit(turned, data.y)

    assert found.mark_names_in_.tolist() == data.marks
    np.testing.assert_array_equal(found.predict_proba(turned), expected)
    with pytest.raises(ValueError, match="Missing: H3K27me3"):
        found.fit(data.replace(marks=["a", "b", "c", "d", "e"]))


def test_scores_need_labels(data, turned):
    fitted = clone(LINEAR).fit(data)
    with pytest.raises(ValueError, match="requires y to be passed, but the target y is None"):
        fitted.score(data.X)
    with pytest.raises(ValueError, match="no labels"):
        fitted.score(turned)
    assert fitted.score(turned, data.y) == fitted.score(data)


def test_masked_values_beside_X(data):
    X, y = data.return_X_y()
    first = np.arange(len(y)) == 0
    for given, name in (
        ({"y": np.ma.masked_where(first, y)}, "y"),
        ({"y": y, "sample_weight": np.ma.masked_where(first, np.ones(len(y)))}, "sample_weight"),
        ({"y": y, "X_val": X, "y_val": np.ma.masked_where(first, y)}, "y_val"),
        ({"y": y, "X_val": np.ma.masked_where(X > 5, X), "y_val": y}, "X_val"),
        ({"y": y, "groups": np.ma.masked_where(first, data.gene)}, "groups"),
    ):
        with pytest.raises(ValueError, match=f"^{name} is a masked array"):
            clone(MLP).fit(X, **given)
    with pytest.raises(ValueError, match=r"^cell is a masked array"):
        SignalGenerator(n_steps=1).fit(X, y, cell=np.ma.masked_where(first, data.cell))


def test_names_that_a_transformer_does_not_know_stay(data):
    unnamed = HistoneDataset(data.X, data.y, cell=data.cell, gene=data.gene)
    for known in (unnamed, data.X):
        assert SignalScaler().fit(known).transform(data).marks == data.marks


def test_windows_are_those_of_the_data_set(data):
    fine = data.replace(bin_size=50, window=(0, 5000))
    with pytest.raises(ValueError, match="bin_size is 100, but that of the data set is 50"):
        WindowSelector((0, 1000), bin_size=100).fit(fine)
    with pytest.raises(ValueError, match=r"data_window is .* but that of the data set"):
        WindowSelector((0, 1000), data_window=(-2500, 2500)).fit(fine)
    near = WindowSelector((0, 1000)).fit(fine).transform(fine)
    assert (near.n_bins, near.window, near.bin_size) == (20, (0, 1000), 50)
    on_arrays = WindowSelector((-2000, 2000)).fit(data.X)
    assert on_arrays.transform(data).window == (-2000, 2000)
    with pytest.raises(ValueError, match="Fit on the data set, or give data_window"):
        on_arrays.transform(fine)


def test_depth_of_data_sets(data):
    expected = normalize_depth(data.X, data.cell)
    found = normalize_depth(data)
    assert isinstance(found, HistoneDataset)
    np.testing.assert_array_equal(found.X, expected)
    np.testing.assert_array_equal(cell_depth(data)[1], cell_depth(data.X, data.cell)[1])
    with pytest.raises(ValueError, match="cell is missing"):
        normalize_depth(data.X)


def test_generation_reports_call_marks_by_name(data, turned, monkeypatch):
    for room in ("_judges", "_transfer"):  # networks that learn next to nothing
        monkeypatch.setattr(f"histoexpr.generation.{room}._TRAINING", QUICK)
    tiny = {"n_steps": 2, "encoder_steps": 2, "latent_dim": 4, "width": 4, "batch_size": 16}
    tiny["random_flip"] = False  # an array does not say how bins run
    train, test = data[:60], data[60:90]
    X, y = train.return_X_y()
    asked = {"n_repeats": 1, "random_state": 0}
    on_arrays, on_data = (
        SignalGenerator(**tiny, random_state=0).fit(*given) for given in ((X, y), (train,))
    )
    by_name = generation_report(on_data, test, X_train=train, **asked)
    assert by_name.marks == data.marks
    assert {f"zero_fraction_error {mark}" for mark in data.marks} < set(by_name.table.index)
    turned_report = generation_report(on_data, turned[60:90], test.y, X_train=train, **asked)
    unnamed = generation_report(on_arrays, test, X_train=train.X, y_train=y, **asked)
    given = generation_report(
        on_arrays, test.X, test.y, X_train=X, y_train=y, marks=data.marks, **asked
    )
    pd.testing.assert_frame_equal(turned_report.table, by_name.table)
    for other in (unnamed, given):  # of which genes and chromosomes are not known
        assert other.marks == data.marks
        assert list(other.table.index) == list(by_name.table.index)
    with pytest.raises(ValueError, match="X_test has the marks a, "):
        generation_report(on_data, test.replace(marks=list("abcde")), X_train=train, **asked)


def test_what_is_learned_is_told_by_name_and_position(data):
    linear = clone(LINEAR).fit(data.replace(bin_size=200, window=None))
    maps = class_maps(
        make_pipeline(SignalScaler(), clone(LINEAR)).fit(data), 1, method="data", X=data, n_maps=2
    )
    assert (maps.marks, maps.window, maps.bin_size) == (data.marks, data.window, data.bin_size)
    with pytest.raises(ValueError, match="different parts of the genome"):
        class_maps(linear, 1, method="data", X=data, n_maps=2)
    coarse = class_maps(linear, 1, method="data", X=data.X, n_maps=2)
    assert (coarse.window, coarse.bin_size) == ((-10000, 10000), 200)
    assert coarse.marks == data.marks
