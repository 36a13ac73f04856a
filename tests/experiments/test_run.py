"""Studies: what is trained on what, results that survive kills, and refusals."""

import json

import numpy as np
import pytest
import torch
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline

from histoexpr import (
    Flattener,
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    SignalScaler,
    evaluate_cells,
)
from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import StudySpec, cell_similarity, run_study
from histoexpr.experiments._data import StudyData
from histoexpr.experiments._fit import best_threshold, plan_steps, training_rows
from histoexpr.experiments._plan import plan_study
from histoexpr.experiments._similarity import dataset_similarity
from histoexpr.replication import published_auroc
from support.study_cases import SPEC


def tasks_of(dataset, /, **experiment):
    spec = StudySpec(**SPEC | {"experiments": [{"name": "e", **experiment}], "seeds": [0]})
    data = StudyData(dataset, spec.division)
    return data, *plan_study(spec, data)


# -- what is trained on what -----------------------------------------------------------


def test_one_fit_serves_the_matrix_and_the_own_cells(finished_study):
    own = {r["fit"] for r in finished_study.select("own", "linear", seed=0)}
    matrix = {r["fit"] for r in finished_study.select("matrix", "linear", seed=0)}
    assert own == matrix
    assert len(matrix) == 4
    assert len(finished_study.select("matrix", "linear", seed=0)) == 16
    # 4 single cells and 4 times all others, two models, two seeds
    assert len(finished_study.times) == (4 + 4) * 2 * 2


@pytest.mark.parametrize(
    ("experiment", "n_cells", "has_own"),
    [
        ({"regime": "own"}, 1, True),
        ({"regime": "exclusive"}, 3, False),
        ({"regime": "inclusive"}, 4, True),
        ({"regime": "exclusive", "cells": "random", "n_cells": 2}, 2, False),
        ({"regime": "inclusive", "cells": "random", "n_cells": 2}, 2, True),
        ({"regime": "exclusive", "cells": "nearest", "n_cells": 1}, 1, False),
    ],
)
def test_training_cells_and_genes(cells, experiment, n_cells, has_own):
    data, tasks, entries = tasks_of(cells, **experiment)
    for entry in entries:
        task = tasks[entry.task]
        assert len(task.train_cells) == n_cells
        assert (entry.test_cell in task.train_cells) == has_own
        rows, test = training_rows(data, task), data.test_rows(task.fold, entry.test_cell)
        assert set(cells.cell[rows]) == set(task.train_cells)
        assert not set(cells.gene[rows]) & set(cells.gene[test])
        assert set(cells.cell[test]) == {entry.test_cell}


def test_cells_of_a_size_curve_are_nested(cells):
    for kind in ("random", "nearest"):
        _, tasks, entries = tasks_of(cells, regime="exclusive", cells=kind, n_cells=[1, 2, "all"])
        for cell in cells.cells:
            mine = [e for e in entries if e.test_cell == cell and tasks[e.task].model == "linear"]
            sets = [set(tasks[e.task].train_cells) for e in mine]
            assert [len(s) for s in sets] == [1, 2, 3]
            assert sets[0] < sets[1] < sets[2]


def test_nearest_and_similar_follow_the_similarity_over_training_genes(cells):
    train = cells.select(split="train")
    values = np.array([train.select(cells=c).expression for c in cells.cells]).T
    similarity = cell_similarity(values)
    np.fill_diagonal(similarity, -1)
    _, tasks, entries = tasks_of(cells, regime="exclusive", cells="nearest", n_cells=1)
    for entry in entries:
        row = similarity[list(cells.cells).index(entry.test_cell)]
        assert tasks[entry.task].train_cells == (cells.cells[row.argmax()],)
    cut = float(np.sort(similarity.ravel())[-2]) - 1e-9  # one pair of cells is above
    _, tasks, entries = tasks_of(cells, regime="exclusive", cells="similar", threshold=cut)
    assert len({entry.test_cell for entry in entries}) == 2
    with pytest.raises(ValueError, match=r"nothing to do.*no cell is similar enough"):
        tasks_of(cells, regime="exclusive", cells="similar", threshold=1.0)


def test_genes_and_samples_are_nested_and_counted(cells):
    data, tasks, _ = tasks_of(cells, regime="exclusive", n_genes=[10, 30])
    small, large = (
        next(t for t in tasks if t.n_genes == n and t.train_cells[0] == "C02") for n in (10, 30)
    )
    few, many = (set(cells.gene[training_rows(data, task)]) for task in (small, large))
    assert (len(few), len(many)) == (10, 30)
    assert few < many
    assert len(training_rows(data, small)) == 30
    data, tasks, _ = tasks_of(cells, regime="exclusive", train_size="one cell")
    own, own_tasks, _ = tasks_of(cells, regime="own")
    one = len(training_rows(own, own_tasks[0]))
    assert {len(training_rows(data, task)) for task in tasks} == {one}
    for sizes, told in [
        ({"train_size": 9999}, "train_size=9999, but there are only 240"),
        ({"n_genes": 10, "train_size": 31}, "train_size=31, but there are only 30"),
        ({"n_genes": 81}, "n_genes=81, but there are only 80"),
    ]:
        with pytest.raises(ValueError, match=told):
            tasks_of(cells, regime="exclusive", **sizes)


@pytest.mark.parametrize(("n_rows", "steps"), [(100, 24), (5000, 24), (33, 7), (1, 3)])
def test_steps_are_exact(cells, n_rows, steps):
    _, tasks, _ = tasks_of(cells, regime="own", steps=steps)
    model = HistoneCNNClassifier(batch_size=32)
    task = next(task for task in tasks if task.model == "cnn")
    drawn = plan_steps(model, np.arange(n_rows), task)
    assert model.max_epochs * -(-len(drawn) // 32) == steps
    counts = np.bincount(drawn, minlength=n_rows)
    assert counts.max() - counts.min() <= 1
    assert model.early_stopping is False


def test_steps_are_taken(saved_cells, tmp_path):
    spec = SPEC | {"experiments": [{"name": "e", "regime": "own", "steps": 6}], "seeds": [0]}
    study = run_study(spec, saved_cells, tmp_path / "out")
    assert {r["steps"] for r in study.select("e", "cnn")} == {6}
    assert {r["steps"] for r in study.select("e", "linear")} == {None}
    assert {r["epochs"] for r in study.select("e", "cnn")} == {2}  # of 3 batches of 32


def test_steps_are_taken_in_pipelines_and_other_fits_shared(saved_cells, tmp_path):
    cnn = HistoneCNNClassifier(n_filters=2, hidden_sizes=(4,))
    models = {"cnn": cnn, "pipeline": make_pipeline(SignalScaler(), cnn), "logistic": "logistic"}
    experiments = [
        {"name": "plain", "regime": "own"},
        {"name": "steps", "regime": "own", "steps": 6},
        {"name": "leaking", "regime": "own", "validation": "leaking-test-cell"},
    ]
    experiments[0]["models"] = experiments[2]["models"] = ["logistic"]
    study = run_study(StudySpec(experiments, models), saved_cells, tmp_path / "out")
    for model in ("cnn", "pipeline"):
        records = study.select("steps", model)
        assert {(r["steps"], r["epochs"]) for r in records} == {(6, 2)}
    # which draws no batches and chooses no epoch
    names = [experiment["name"] for experiment in experiments]
    fits = [{r["fit"] for r in study.select(name, "logistic")} for name in names]
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
    spec = StudySpec(experiments, {"spy": Spy(), "pipeline": make_pipeline(SignalScaler(), Spy())})
    study = run_study(spec, saved_cells, tmp_path / "out")
    for model in spec.models:
        assert {r["epochs"] for r in study.select(names[0], model)} == {0}
        assert {r["epochs"] for r in study.select(names[1], model)} == {80}
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


def test_similarity_of_a_data_set_is_that_of_its_training_genes(cells):
    rows = np.flatnonzero(cells.split == "train")[::-1]
    train = cells.select(split="train")
    values = np.array([train.select(cells=c).expression for c in cells.cells]).T
    result = dataset_similarity(cells, rows, "expression", cells.cells.tolist())
    np.testing.assert_allclose(result, np.corrcoef(values.T), rtol=1e-9)
    marks = [np.log1p(train.X[..., m].astype(float)).mean(axis=1).reshape(4, -1) for m in range(5)]
    expected = np.mean([np.corrcoef(mark) for mark in marks], axis=0)
    result = dataset_similarity(cells, rows, "signals", cells.cells.tolist())
    np.testing.assert_allclose(result, expected, rtol=1e-4)


def test_legacy_shift_is_that_of_the_published_table():
    names = published_auroc().index.tolist()
    cells = make_histone_cells(n_cells=56, n_genes=60, random_state=0, cell_names=names)
    rows = np.flatnonzero(cells.split == "train")
    values = cells.expression.reshape(56, 60)[:, cells.split[:60] == "train"]
    result = dataset_similarity(cells, rows, "expression-legacy-shift", names)
    np.testing.assert_allclose(result[:-1, :-1], np.corrcoef(values[1:]), rtol=1e-9)
    assert np.isnan(result[-1]).all()
    # of fewer cells, the next is not that of the table
    some = rows[cells.cell[rows] != "E024"]
    with pytest.raises(ValueError, match=r"56 published Roadmap cells; .* by E024"):
        dataset_similarity(cells, some, "expression-legacy-shift", names)


def test_similarity_of_what_does_not_vary_is_not_defined(cells):
    # the mean of seven times 0.1 is not 0.1
    similarity = cell_similarity(np.column_stack([np.full(7, 0.1), np.arange(7)]))
    np.testing.assert_allclose(similarity, [[np.nan, np.nan], [np.nan, 1]])
    rows = np.flatnonzero((cells.split == "train") & (cells.cell != "C02"))
    names = cells.cells.tolist()
    similarity = dataset_similarity(cells, rows, "expression", names)
    assert np.isnan(similarity[1]).all()
    assert np.isnan(similarity[:, 1]).all()
    others = cells.select(cells=["C01", "C03", "C04"], split="train")
    values = np.array([others.select(cells=c).expression for c in others.cells]).T
    kept = np.ix_([0, 2, 3], [0, 2, 3])
    np.testing.assert_allclose(similarity[kept], cell_similarity(values))


def test_legacy_shift_reproduces_the_published_sets(shared_data):
    published = json.loads((shared_data / "published/deepchrome2_training_cells.json").read_text())
    with np.load(shared_data / "roadmap_expression.npz") as archive:
        cells, rpkm = archive["cells"].tolist(), archive["rpkm"].astype(np.float64)
        train = archive["split"] == 0
    similarity = cell_similarity(rpkm[train], legacy_shift=True)
    assert np.isnan(similarity[-1]).all()
    for name, threshold, n_pairs in (("high", 0.75, 60), ("somewhat", 0.5, 443)):
        pairs = set()
        for cell in published["inclusive_all"]:
            row = similarity[cells.index(cell)]
            alike = {c for c, r in zip(cells, row, strict=True) if r > threshold and c != cell}
            assert alike == set(published.get(f"exclusive_{name}_{cell}", []))
            pairs |= {frozenset((cell, other)) for other in alike}
        assert len(pairs) == n_pairs
    aligned = cell_similarity(rpkm[train])
    assert np.isfinite(aligned).all()
    assert not np.allclose(aligned[:-1, :-1], similarity[:-1, :-1], atol=0.1)


# -- scores ----------------------------------------------------------------------------


def test_scores_agree_with_evaluate_cells(cells, finished_study):
    model = {"linear": HistoneLinearClassifier(random_state=0)}
    evaluation = evaluate_cells(model, cells)
    for name, regime in (("own", "same cell"), ("others", "other cells")):
        expected = [
            row["roc_auc"]
            for row in evaluation.summary()
            if (row["model"], row["trained_on"]) == ("linear", regime)
            and row["test_cell"] != "mean"
        ]
        np.testing.assert_allclose(finished_study.scores(name, "linear"), expected, rtol=1e-12)
    for model in ("same-gene consensus", "majority class"):
        for metric in ("roc_auc", "log_loss"):
            expected = [
                row[metric]
                for row in evaluation.summary()
                if row["model"] == model and row["test_cell"] != "mean"
            ]
            ours = finished_study.scores("baseline", model, metric)
            np.testing.assert_allclose(ours, expected, rtol=1e-12)
    np.testing.assert_allclose(
        finished_study.matrix("matrix", "linear").score(), evaluation.matrix("linear").score()
    )


def test_predictions_belong_to_their_records(cells, finished_study):
    from histoexpr.metrics import auroc

    consensus = finished_study.select("baseline", "same-gene consensus")
    for record in [*finished_study.select("matrix", "cnn", seed=1), *consensus]:
        test = cells.select(cells=record["test_cell"], split="test")
        expected = auroc(test.y, finished_study.predictions(record))
        assert record["roc_auc"] == pytest.approx(expected)


def test_models_without_probabilities_are_ranked_and_cut(saved_cells, tmp_path):
    model = make_pipeline(Flattener(), RidgeClassifier(alpha=1e4))
    study = run_study(
        StudySpec([{"name": "own", "regime": "own"}], {"ridge": model}), saved_cells, tmp_path
    )
    for record in study.select("own", "ridge"):
        assert record["roc_auc"] > 0.6
        assert np.isnan(record["log_loss"])
        score, (_, y) = study.predictions(record), study.test_genes("test", record["test_cell"])
        assert record["accuracy"] == np.mean((score > 0) == y)
        assert record["transferred_accuracy"] == np.mean((score > record["threshold"]) == y)
    assert study.summary["means"][0]["log_loss"] is None


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
