"""The train-cell × test-cell matrix."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from histoexpr import HistoneLinearClassifier, cross_cell_matrix, make_histone_cells


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 240, random_state=0)


def test_matrix_is_fit_by_hand(data):
    matrix = cross_cell_matrix(HistoneLinearClassifier(), data, genes="split")
    train, test = data.split == "train", data.split == "test"
    by_hand = np.empty((3, 3))
    for i, a in enumerate(data.cells):
        rows = train & (data.cell == a)
        clf = HistoneLinearClassifier().fit(data.X[rows], data.y[rows])
        for j, b in enumerate(data.cells):
            rows = test & (data.cell == b)
            by_hand[i, j] = roc_auc_score(data.y[rows], clf.decision_function(data.X[rows]))
    np.testing.assert_allclose(matrix.score("roc_auc"), by_hand, atol=1e-12)
    assert matrix.train_cells == matrix.test_cells == data.cells.tolist()
    with pytest.raises(ValueError, match="No score 'nonsense'; there are roc_auc"):
        matrix.score("nonsense")


def test_scores_that_are_not_there_are_named(data):
    matrix = cross_cell_matrix(HistoneLinearClassifier(), data, genes="split")
    for method in (matrix.score, matrix.consensus):
        assert method("accuracy").shape[-1] == 3
        with pytest.raises(ValueError, match="No score 'auroc'; there are roc_auc"):
            method("auroc")


def test_the_matrix_is_shown_as_a_table(data):
    matrix = cross_cell_matrix(HistoneLinearClassifier(), data, genes="split")
    assert matrix.table.loc["C01", "C02"] == matrix.score()[0, 1]
    assert "AUROC of HistoneLinearClassifier" in repr(matrix)
    assert f"{matrix.score()[2, 0]:.3f}" in matrix._repr_html_()


def test_the_matrix_of_a_regressor_is_of_correlations(mixed_results):
    matrix = mixed_results.matrix("ridge")
    assert (matrix.metric, matrix.baseline) == ("pearson", "same-gene mean")
    np.testing.assert_array_equal(matrix.score(), matrix.score("pearson"))
    expected = mixed_results.scores("baseline", "same-gene mean", "pearson")
    np.testing.assert_array_equal(matrix.consensus(), expected)
    assert "Pearson’s r of ridge" in repr(matrix)
    other = mixed_results.matrix("logistic")
    assert (other.metric, other.baseline) == ("roc_auc", "same-gene consensus")
