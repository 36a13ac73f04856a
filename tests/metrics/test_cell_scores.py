"""Scores cell by cell against scikit-learn, and their mean."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference

from histoexpr.exceptions import HistoexprWarning
from histoexpr.metrics import SCORES as NAMES
from histoexpr.metrics import cell_scores, macro_mean, majority_baseline

RNG = np.random.default_rng(0)

N = 500

LABELS = RNG.random((N, 4)) < [0.5, 0.1, 0.9, 0.3]

SCORES = RNG.normal(size=(N, 4)) + LABELS

PROBA = 1 / (1 + np.exp(-SCORES[:, 0]))

CELLS = RNG.choice(["E003", "E116", "E123"], size=N)


def test_cell_scores_equal_scikit_learn():
    table = cell_scores(LABELS[:, 0], PROBA, CELLS)
    assert table.columns.tolist() == ["cell", "n", "prevalence", *NAMES]
    assert table["cell"].tolist() == ["E003", "E116", "E123"]
    for _, record in table.iterrows():
        rows = record["cell"] == CELLS
        y, p = LABELS[rows, 0].astype(int), PROBA[rows]
        assert record["n"] == rows.sum()
        assert record["prevalence"] == y.mean()
        expected = {
            "roc_auc": reference.roc_auc_score(y, p),
            "average_precision": reference.average_precision_score(y, p),
            "balanced_accuracy": reference.balanced_accuracy_score(y, p > 0.5),
            "brier_score_loss": np.mean((p - y) ** 2),
            "log_loss": -np.mean(np.log(np.where(y, p, 1 - p))),
        }
        for name, value in expected.items():
            assert record[name] == pytest.approx(value, rel=1e-9)
    numbers = table.drop(columns=["cell", "n"])
    assert numbers.dtypes.eq("float64").all()


def test_both_columns_and_row_order():
    table = cell_scores(LABELS[:, 0], PROBA, CELLS)
    both = np.column_stack([1 - PROBA, PROBA])
    pd.testing.assert_frame_equal(cell_scores(LABELS[:, 0], both, CELLS), table, check_exact=True)
    order = RNG.permutation(N)
    shuffled = cell_scores(LABELS[order, 0], PROBA[order], CELLS[order])
    pd.testing.assert_frame_equal(shuffled, table)


def test_certain_and_constant_predictions():
    record = cell_scores([0, 1, 1], [0.0, 1.0, 1.0], ["a"] * 3).loc[0]
    names = ("roc_auc", "brier_score_loss", "expected_calibration_error")
    assert [record[name] for name in names] == [1, 0, 0]
    assert record["log_loss"] == pytest.approx(0, abs=1e-12)
    record = cell_scores([0, 1, 1], majority_baseline([0, 1, 1], 3), ["a"] * 3).loc[0]
    assert (record["roc_auc"], record["balanced_accuracy"]) == (0.5, 0.5)
    assert record["expected_calibration_error"] == pytest.approx(0)
    assert record["average_precision"] == pytest.approx(2 / 3)


def test_a_cell_of_one_class():
    with pytest.warns(HistoexprWarning, match="labels of cell b are all of one class"):
        table = cell_scores([0, 1, 1, 1], [0.2, 0.6, 0.5, 0.9], list("aabb"))
    first, second = table.loc[0], table.loc[1]
    assert first["roc_auc"] == 1
    undefined = ("roc_auc", "average_precision", "balanced_accuracy")
    assert second[list(undefined)].isna().all()
    assert second["brier_score_loss"] == pytest.approx((0.25 + 0.01) / 2)
    assert second["log_loss"] == pytest.approx(-np.log([0.5, 0.9]).mean())
    mean = macro_mean(table)
    assert mean["roc_auc"] == 1
    both = first["brier_score_loss"] + second["brier_score_loss"]
    assert mean["brier_score_loss"] == pytest.approx(both / 2)


def test_macro_mean():
    table = cell_scores(LABELS[:, 0], PROBA, CELLS)
    mean = macro_mean(table)
    assert list(mean.index) == list(table.columns)
    assert (mean["cell"], mean["n"]) == ("mean", N)
    assert mean["roc_auc"] == pytest.approx(np.mean(table["roc_auc"]))
    with pytest.raises(ValueError, match="scores has no rows"):
        macro_mean(table[:0])
    undefined = pd.DataFrame({"cell": ["a"], "n": [1], "roc_auc": [float("nan")]})
    assert np.isnan(macro_mean(undefined)["roc_auc"])


@pytest.mark.parametrize(
    ("y", "proba", "cell", "message"),
    [
        ([0, 1], [0.1, 1.2], ["a", "a"], "values that are not between 0 and 1.*auroc"),
        ([0, 1], [0.1, np.nan], ["a", "a"], "values that are not between 0 and 1"),
        ([0, 1], [0.1], ["a", "a"], r"y_proba has shape \(1,\); expected \(2,\), or \(2, 2\)"),
        ([0, 1], [[0.1, 0.2, 0.7]] * 2, ["a", "a"], r"y_proba has shape \(2, 3\)"),
        ([0, 1], [[0.1, 0.2]] * 2, ["a", "a"], "do not sum to 1"),
        ([0, 1], ["x", "y"], ["a", "a"], "y_proba must hold numbers"),
        ([0, 1], [0.1, 0.2], ["a"], "groups has 1 rows, but X has 2 samples"),
        ([0, 1], [0.1, 0.2], ["a", None], "lacks the cell"),
        ([0, 2, 1], [0.1, 0.2, 0.3], ["a"] * 3, r"3 class\(es\)"),
        ([], [], [], "y_true has no samples"),
        ([[0], [1]], [0.1, 0.2], ["a", "a"], "expected one dimension"),
    ],
)
def test_cell_scores_refuse(y, proba, cell, message):
    with pytest.raises(ValueError, match=message):
        cell_scores(y, proba, cell)
