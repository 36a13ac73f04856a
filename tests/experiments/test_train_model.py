"""Training on all, scored on what was left out."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from histoexpr import HistoneLinearClassifier, TrainedModel, make_histone_cells, train_model
from histoexpr.experiments import MODELS, evaluate_cells, make_model

QUICK = {"model": "logistic"}


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=240, random_state=0)


@pytest.fixture(scope="module")
def trained(cells):
    return train_model(cells, **QUICK)


def rows(found, name, metric="roc_auc", cell="mean"):
    table = found.table
    kept = (table["model"] == name) & (table["metric"] == metric) & (table["test_cell"] == cell)
    return table[kept].set_index("trained_on")


def test_the_model_has_seen_all_samples(cells, trained):
    assert isinstance(trained, TrainedModel)
    again = make_model("m", "logistic").fit(cells, cells.y)
    expected = again.predict_proba(cells)
    np.testing.assert_allclose(trained.estimator.predict_proba(cells), expected, atol=1e-9)
    assert trained.estimator[0].mark_names_in_.tolist() == cells.marks
    assert trained.data is cells
    assert (trained.name, trained.target) == ("logistic", "label")


def test_scores_are_those_of_the_engine_on_whole_chromosomes(cells, trained):
    found = rows(trained, "logistic")["score"]
    expected = evaluate_cells({"m": make_model("m", "logistic")}, cells, genes="chromosome")
    assert found["other cells"] == pytest.approx(expected.by_cell("other cells", "m").mean())
    assert set(found.index) == {"all cells", "other cells"}
    assert len(rows(trained, "same-gene rank")) == 1
    assert trained.notes == ["Held out: 5 folds of whole chromosomes."]
    text = trained.describe()
    assert "trained on the labels of 720 samples: 240 genes in C01, C02, C03" in text
    assert "same-gene consensus" in text
    assert "logistic, trained on" in repr(trained)


def test_labels_without_a_relation_score_by_chance(cells):
    y = np.random.default_rng(0).permutation(cells.y)
    found = rows(train_model(cells.replace(y=y), **QUICK), "logistic").loc["all cells"]
    assert found["low"] < 0.5 < found["high"]


def test_one_cell_has_no_others_and_many_are_not_left_out_unasked(cells, monkeypatch):
    one = train_model(cells, cells="C02", **QUICK)
    assert set(one.table["trained_on"]) == {"same cell"}
    assert one.data.cells.tolist() == ["C02"]
    assert "same-gene rank" not in set(one.table["model"])
    monkeypatch.setattr("histoexpr.experiments._validate_model._MOST_CELLS", 2)
    many = train_model(cells, **QUICK)
    assert set(rows(many, "logistic").index) == {"all cells"}
    assert "validate='cells'" in many.notes[1]
    asked = train_model(cells, validate="cells", **QUICK)
    assert set(rows(asked, "logistic").index) == {"all cells", "other cells"}


def test_expression_is_learned_where_it_is_known(cells):
    expression = cells.expression.copy()
    expression[:5] = np.nan
    found = train_model(cells.replace(expression=expression), "ridge")
    assert found.target == "log2_expression"
    assert len(found.data) == 715
    assert found.notes[0] == "5 of 720 samples without known expression are left out."
    assert rows(found, "ridge", "pearson").loc["other cells", "score"] > 0.6
    assert {"same-gene mean", "mean of training genes"} < set(found.table["model"])
    assert "log_loss" not in set(found.table["metric"])


@pytest.mark.parametrize("kind", [name for name in MODELS if f"{name}-regressor" in MODELS])
def test_names_stand_for_classifier_and_regressor(kind):
    from histoexpr.experiments._train_model import _choose

    name, estimator = _choose(kind, "expression", None, False)
    assert name == MODELS[f"{kind}-regressor"].label
    assert _choose(kind, None, None, False)[0] == MODELS[kind].label
    assert hasattr(estimator, "fit")


def test_references_stand_beside_the_model_that_uses_them():
    data, reference = make_histone_cells(1, 240, n_reference_cells=8, random_state=0)
    found = train_model(data, "reference", reference=reference, n_splits=2)
    assert set(rows(found, "reference").index) == {"same cell"}
    both = rows(found, "reference").loc["same cell", "score"]
    assert both > rows(found, "references alone").loc["same cell", "score"]
    with pytest.raises(ValueError, match="needs reference"):
        train_model(data, "reference")
    with pytest.raises(ValueError, match="reference is for model='reference'"):
        train_model(data, reference=reference)


def test_marks_that_some_cells_lack(cells):
    lacks = cells.select(cells="C01").select(marks=cells.marks[:3]).with_marks(cells.marks)
    model = train_model(cells, "logistic", mark_subsets=True, validate="none")
    assert model.estimator.predict(lacks).shape == (240,)
    assert model.notes == ["Not scored, as asked for."]
    assert len(model.table) == 0
    assert "AUROC" not in model.describe()


def test_too_small_is_said_and_the_model_is_there(cells):
    few = cells.select(cells="C01").take(range(10)).replace(y=[0, 1] * 5)
    found = train_model(few, **QUICK)
    assert any(
        "Too few genes to judge by: 10 are tested in a cell" in note for note in found.notes
    )
    assert (found.table["n"] == 10).all()
    one = few.take([0, 1]).replace(gene=["a", "a"], y=[0, 1], chrom=["chr1"] * 2)
    found = train_model(one, **QUICK)
    assert len(found.table) == 0
    assert "Not scored: there is one gene" in found.notes[0]
    # the training genes of a fold are of one class
    uneven = few.replace(y=[1] + [0] * 9)
    found = train_model(uneven, **QUICK)
    assert "Not scored, since the data are too small or too uneven" in found.notes[0]
    alone = few.replace(chrom=["chr7"] * 10)
    assert any("All genes lie on chr7" in note for note in train_model(alone, **QUICK).notes)


@pytest.mark.parametrize(
    ("changes", "params", "message"),
    [
        ({"y": None}, {}, "no labels to learn"),
        ({"y": np.ones(720, dtype=int)}, {}, "are all 1; a classifier needs two classes"),
        ({"expression": None}, {"model": "ridge"}, "no expression to learn"),
        ({"expression": np.full(720, np.nan)}, {"model": "ridge"}, "of no sample is known"),
        ({}, {"model": "regoins"}, "Unknown model 'regoins'; choose among linear"),
        ({}, {"model": "ridge", "target": "labels"}, "target='labels' is for a classifier"),
        ({}, {"model": "logistic", "target": "expression"}, "is for a regressor"),
        ({}, {"model": KMeans()}, "expected a classifier or a regressor"),
        ({}, {"cells": "C09"}, "No cell C09"),
    ],
)
def test_errors_name_the_remedy(cells, changes, params, message):
    with pytest.raises(ValueError, match=message):
        train_model(cells.replace(**changes), **params)


def test_arrays_are_refused_and_estimators_taken(cells):
    with pytest.raises(TypeError, match="data must be a HistoneDataset"):
        train_model(cells.X)
    model = HistoneLinearClassifier()
    found = train_model(cells, model, validate="none")
    assert found.name == "HistoneLinearClassifier"
    assert not hasattr(model, "classes_")


def test_the_seed_decides(cells):
    one, other, again = (
        train_model(cells, cells="C01", genes="kfold", random_state=seed, **QUICK)
        for seed in (0, 1, 0)
    )
    assert one.table.equals(again.table)
    assert not one.table["score"].equals(other.table["score"])
