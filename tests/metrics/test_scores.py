"""AUROC against scikit-learn, baselines and calibration by hand, scores cell by cell."""

import numpy as np
import pytest
from sklearn import metrics as reference

from histoexpr.exceptions import HistoexprWarning
from histoexpr.metrics import SCORES as NAMES
from histoexpr.metrics import (
    auroc,
    auroc_matrix,
    binary_scores,
    cell_scores,
    consensus_baseline,
    expected_calibration_error,
    macro_mean,
    majority_baseline,
)

RNG = np.random.default_rng(0)
N = 500
LABELS = RNG.random((N, 4)) < [0.5, 0.1, 0.9, 0.3]
SCORES = RNG.normal(size=(N, 4)) + LABELS


def loop(labels, scores):
    return [reference.roc_auc_score(y, s) for y, s in zip(labels.T, scores.T, strict=True)]


SCORE_KINDS = {
    "float64": SCORES,
    "float32": SCORES.astype(np.float32),
    "float16": SCORES.astype(np.float16),
    "ties": SCORES.round(),
    "many ties": (SCORES > 0).astype(float),
    "all equal": np.zeros((N, 4)),
    "integers": (SCORES * 10).astype(np.int64),
    "Boolean": SCORES > 0,
    "tiny differences": 1e6 + SCORES * 1e-9,
    "signed zeros": np.where(SCORES > 0, 0.0, -0.0),
    "Fortran": np.asfortranarray(SCORES),
    "objects": SCORES.astype(object),
}


# -- AUROC -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SCORE_KINDS)
def test_auroc_equals_scikit_learn(kind):
    scores = SCORE_KINDS[kind]
    np.testing.assert_allclose(
        auroc(LABELS, scores), loop(LABELS, scores.astype(float)), rtol=0, atol=1e-12
    )


def test_shapes():
    one, many = LABELS[:, 0], LABELS
    value = auroc(one, SCORES[:, 0])
    assert isinstance(value, float)
    assert value == reference.roc_auc_score(one, SCORES[:, 0])
    assert auroc(many, SCORES).shape == (4,)
    matrix = auroc_matrix(many, SCORES)
    assert matrix.shape == (4, 4)
    assert np.array_equal(np.diag(matrix), auroc(many, SCORES))
    assert np.array_equal(auroc(many, SCORES[:, 1]), matrix[1])
    assert np.array_equal(auroc(one, SCORES), matrix[:, 0])
    assert np.array_equal(auroc(many, SCORES[:, [1]]), matrix[1])
    for label in range(4):
        for score in range(4):
            expected = reference.roc_auc_score(many[:, label], SCORES[:, score])
            assert matrix[score, label] == pytest.approx(expected, abs=1e-12)
    assert auroc_matrix(one, SCORES[:, 0]).shape == (1, 1)


def test_auroc_by_hand():
    assert auroc([0, 0, 1, 1], [1, 2, 3, 4]) == 1
    assert auroc([0, 0, 1, 1], [4, 3, 2, 1]) == 0
    assert auroc([0, 1, 0, 1], [1, 1, 2, 2]) == 0.5
    assert auroc([0, 0, 0, 1], [1, 2, 3, 2]) == 0.5
    assert auroc([1, 0], [np.inf, -np.inf]) == 1


def test_only_the_order_of_scores_matters():
    expected = auroc(LABELS, SCORES)
    assert np.array_equal(auroc(LABELS, SCORES * 2.0 + 5), expected)
    assert np.array_equal(auroc(LABELS, np.exp(SCORES)), expected)
    np.testing.assert_allclose(auroc(LABELS, -SCORES), 1 - expected, atol=1e-12)
    order = RNG.permutation(N)
    assert np.array_equal(auroc(LABELS[order], SCORES[order]), expected)


def test_labels():
    expected = auroc(LABELS[:, 0], SCORES[:, 0])
    for labels in (
        LABELS[:, 0].astype(int),
        LABELS[:, 0].astype(np.float32),
        LABELS[:, 0].astype(np.uint8),
        np.where(LABELS[:, 0], 1, -1),
        np.where(LABELS[:, 0], "on", "off"),
        np.where(LABELS[:, 0], "on", "off").astype(object),
        LABELS[:, 0].tolist(),
    ):
        assert auroc(labels, SCORES[:, 0]) == expected


def test_one_class_is_nan_with_a_warning():
    labels = LABELS.copy()
    labels[:, 1], labels[:, 3] = True, False
    with pytest.warns(HistoexprWarning, match=r"column\(s\) 1, 3 of y_true are all of one class"):
        values = auroc(labels, SCORES)
    assert np.isnan(values).tolist() == [False, True, False, True]
    assert values[[0, 2]].tolist() == auroc(LABELS, SCORES)[[0, 2]].tolist()
    with pytest.warns(HistoexprWarning, match="labels in y_true are all of one class"):
        assert np.isnan(auroc([1, 1], [0.1, 0.2]))
    with pytest.warns(HistoexprWarning, match=r"column\(s\) 1, 3"):
        assert np.isnan(auroc_matrix(labels, SCORES)[:, [1, 3]]).all()


@pytest.mark.parametrize(
    ("y_true", "y_score", "message"),
    [
        ([0, 1], [1, 2, 3], "y_true has 2 samples, but y_score has 3"),
        ([], [], "y_true has no samples"),
        ([0, 1, 2], [1, 2, 3], r"y_true has 3 class\(es\) \(0, 1, 2\)"),
        (["a", "a"], [1, 2], r"1 class\(es\) \('a'\); expected the labels 0 and 1"),
        ([0.0, np.nan], [1, 2], "y_true contains NaN"),
        (["a", None], [1, 2], "y_true mixes types or lacks labels"),
        ([0, 1], [1, np.nan], "y_score contains NaN: samples without"),
        ([0, 1], [[1, 2], [1, np.nan]], "y_score contains NaN, the first in column 1"),
        ([0, 1], ["a", "b"], "y_score has dtype <U1; expected numbers"),
        ([0, 1], np.array([1, "x"], dtype=object), "y_score must hold numbers: could not"),
        ([0, 1], [1j, 2], "y_score has dtype complex128"),
        (LABELS, SCORES[:, :3], "4 columns, but y_score has 3. .* use auroc_matrix"),
        ([[0, 1], [1]], [1, 2], "y_true has rows of different length"),
        ([0, 1], [[1, 2], [1]], "y_score has rows of different length"),
        (LABELS[None], SCORES, r"y_true has shape \(1, 500, 4\)"),
        (LABELS, SCORES[None], r"y_score has shape \(1, 500, 4\)"),
    ],
)
def test_auroc_refuses(y_true, y_score, message):
    with pytest.raises(ValueError, match=message):
        auroc(y_true, y_score)


def test_matrix_of_real_cells(shared_data):
    """RPKM of one cell ranks the labels of another."""
    data = np.load(shared_data / "roadmap_expression.npz")
    rpkm = data["rpkm"][:2000, :5]
    labels = rpkm > np.median(rpkm, axis=0)
    matrix = auroc_matrix(labels, rpkm)
    assert np.all(np.diag(matrix) == 1)
    for i, j in ((0, 1), (4, 2)):
        expected = reference.roc_auc_score(labels[:, j], rpkm[:, i])
        assert matrix[i, j] == pytest.approx(expected, abs=1e-12)


# -- baselines -------------------------------------------------------------------------

CELL = np.array(["E003", "E003", "E116", "E116", "E123", "E123", "E123"])
GENE = np.array(["a", "b", "a", "b", "b", "c", "a"])
Y = np.array([1, 0, 1, 1, 0, 1, 0])


TRAIN, TEST = CELL != "E123", CELL == "E123"


def test_consensus_by_hand():
    expected = [0.5, 0.75, 1]  # b: 0 and 1; c: unseen, 3 of 4; a: 1 and 1
    assert consensus_baseline(Y[TRAIN], GENE[TRAIN], GENE[TEST]).tolist() == expected
    as_objects = GENE.astype(object)
    labels = np.where(Y, "on", "off")
    again = consensus_baseline(labels[TRAIN], as_objects[TRAIN], as_objects[TEST].tolist())
    assert again.tolist() == expected
    assert consensus_baseline([1, 0], [7, 8], ["8", "9", "007"]).tolist() == [0, 0.5, 0.5]
    assert consensus_baseline([1, 0], ["a", "b"], []).tolist() == []


def test_majority():
    assert majority_baseline(Y[TRAIN], 3).tolist() == [0.75] * 3
    assert majority_baseline(["a", "b", "b", "b"], 0).tolist() == []


def test_consensus_on_real_labels(shared_data):
    """The labels of the other cells alone reach an AUROC of about 0.95."""
    data = np.load(shared_data / "roadmap_expression.npz")
    rpkm = data["rpkm"]
    labels = (rpkm > np.median(rpkm, axis=0))[::4]
    n_genes, n_cells = labels.shape
    cell = np.tile(np.arange(n_cells), n_genes)
    gene = np.repeat(np.arange(n_genes), n_cells)
    values = []
    for number in range(0, n_cells, 11):
        other = cell != number
        score = consensus_baseline(labels.ravel()[other], gene[other], gene[~other])
        values.append(auroc(labels[:, number], score))
    assert np.mean(values) == pytest.approx(0.95, abs=0.015)


def test_baselines_refuse():
    with pytest.raises(ValueError, match=r"gene_train has shape \(6,\), but y_train has \(7,\)"):
        consensus_baseline(Y, GENE[1:], GENE)
    for baseline, args in ((consensus_baseline, ([], [])), (majority_baseline, (3,))):
        with pytest.raises(ValueError, match="y_train has no samples"):
            baseline([], *args)
        with pytest.raises(ValueError, match=r"y_train has 3 class\(es\)"):
            baseline([0, 1, 2], *args)
        with pytest.raises(ValueError, match=r"y_train has shape .* expected one dimension"):
            baseline(LABELS, *args)


# -- cell by cell ----------------------------------------------------------------------

PROBA = 1 / (1 + np.exp(-SCORES[:, 0]))
CELLS = RNG.choice(["E003", "E116", "E123"], size=N)


def test_cell_scores_equal_scikit_learn():
    records = cell_scores(LABELS[:, 0], PROBA, CELLS)
    assert [record["cell"] for record in records] == ["E003", "E116", "E123"]
    for record in records:
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
        assert all(type(value) in (int, float, str) for value in record.values())


def test_both_columns_and_row_order():
    records = cell_scores(LABELS[:, 0], PROBA, CELLS)
    both = np.column_stack([1 - PROBA, PROBA])
    assert cell_scores(LABELS[:, 0], both, CELLS) == records
    order = RNG.permutation(N)
    shuffled = cell_scores(LABELS[order, 0], PROBA[order], CELLS[order])
    for record, other in zip(records, shuffled, strict=True):
        assert record == pytest.approx(other)


def test_certain_and_constant_predictions():
    (record,) = cell_scores([0, 1, 1], [0.0, 1.0, 1.0], ["a"] * 3)
    names = ("roc_auc", "brier_score_loss", "expected_calibration_error")
    assert [record[name] for name in names] == [1, 0, 0]
    assert record["log_loss"] == pytest.approx(0, abs=1e-12)
    (record,) = cell_scores([0, 1, 1], majority_baseline([0, 1, 1], 3), ["a"] * 3)
    assert (record["roc_auc"], record["balanced_accuracy"]) == (0.5, 0.5)
    assert record["expected_calibration_error"] == pytest.approx(0)
    assert record["average_precision"] == pytest.approx(2 / 3)


def test_a_cell_of_one_class():
    with pytest.warns(HistoexprWarning, match="labels of cell b are all of one class"):
        first, second = cell_scores([0, 1, 1, 1], [0.2, 0.6, 0.5, 0.9], list("aabb"))
    assert first["roc_auc"] == 1
    undefined = ("roc_auc", "average_precision", "balanced_accuracy")
    assert np.isnan([second[name] for name in undefined]).all()
    assert second["brier_score_loss"] == pytest.approx((0.25 + 0.01) / 2)
    assert second["log_loss"] == pytest.approx(-np.log([0.5, 0.9]).mean())
    mean = macro_mean([first, second])
    assert mean["roc_auc"] == 1
    both = first["brier_score_loss"] + second["brier_score_loss"]
    assert mean["brier_score_loss"] == pytest.approx(both / 2)


def test_macro_mean():
    records = cell_scores(LABELS[:, 0], PROBA, CELLS)
    mean = macro_mean(records)
    assert list(mean) == list(records[0])
    assert (mean["cell"], mean["n"]) == ("mean", N)
    assert mean["roc_auc"] == pytest.approx(np.mean([record["roc_auc"] for record in records]))
    with pytest.raises(ValueError, match="no records"):
        macro_mean([])
    assert np.isnan(macro_mean([{"cell": "a", "n": 1, "roc_auc": float("nan")}])["roc_auc"])


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


def test_binary_scores():
    scores = binary_scores(LABELS[:, 0], PROBA)
    assert tuple(scores) == NAMES
    (record,) = cell_scores(LABELS[:, 0], PROBA, ["a"] * N)
    assert {name: record[name] for name in NAMES} == scores
    assert scores["balanced_accuracy"] > 0.6


def test_scores_of_decision_values():
    logit = SCORES[:, 0]
    expected = binary_scores(LABELS[:, 0], PROBA)
    scores = binary_scores(LABELS[:, 0], logit, probabilities=False)
    for name in ("roc_auc", "average_precision", "balanced_accuracy"):
        assert scores[name] == pytest.approx(expected[name])
    assert np.isnan([scores[name] for name in NAMES[3:]]).all()
    with pytest.raises(ValueError, match=r"binary_scores\(probabilities=False\)"):
        binary_scores(LABELS[:, 0], logit)
    with pytest.raises(ValueError, match=r"y_score has shape \(500, 4\); expected \(500,\)"):
        binary_scores(LABELS[:, 0], SCORES, probabilities=False)


def test_binary_scores_of_one_class():
    with pytest.warns(HistoexprWarning, match="all of one class"):
        scores = binary_scores([1, 1], [0.5, 1.0])
    assert np.isnan([scores[name] for name in NAMES[:3]]).all()
    assert scores["brier_score_loss"] == 0.125


# -- calibration -----------------------------------------------------------------------


def test_calibration_error_by_hand():
    y = [0, 1, 1, 1, 0]
    p = [0.1, 0.1, 0.9, 1.0, 0.5]
    # bins of width one half: |0.2 - 1| and |2.4 - 2| over five samples
    assert expected_calibration_error(y, p, n_bins=2) == pytest.approx((0.8 + 0.4) / 5)
    assert expected_calibration_error(y, p, n_bins=1) == pytest.approx(0.4 / 5)
    assert expected_calibration_error([1, 0], [1.0, 0.0]) == 0
    assert expected_calibration_error([0, 1], [1.0, 0.0]) == 1


def test_calibrated_probabilities_have_a_small_error():
    p = RNG.random(200_000)
    y = RNG.random(200_000) < p
    assert expected_calibration_error(y, p) < 0.005
    assert expected_calibration_error(y, p**2) > 0.15


@pytest.mark.parametrize("n_bins", [0, -1, 2.5, True, "ten"])
def test_calibration_bins_are_checked(n_bins):
    with pytest.raises(ValueError, match="n_bins must be a positive integer"):
        expected_calibration_error([0, 1], [0.1, 0.9], n_bins=n_bins)
