"""AUROC against scikit-learn and scipy, by hand and on real cells."""

import numpy as np
import pytest
from scipy.stats import rankdata
from sklearn import metrics as reference

from histoexpr.exceptions import HistoexprWarning
from histoexpr.metrics import auroc, auroc_matrix
from histoexpr.metrics._auroc import mean_ranks

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


@pytest.mark.parametrize("kind", SCORE_KINDS)
def test_mean_ranks_equal_scipy_bitwise(kind):
    scores = np.asarray(SCORE_KINDS[kind][:, 0])
    scores = scores.astype(float) if scores.dtype == object else scores
    assert np.array_equal(mean_ranks(scores), rankdata(scores))
