"""Mean ranks by hand, probabilities that are honest, and real cells."""

import numpy as np
import pytest
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression

from histoexpr.metrics import (
    RankReference,
    auroc,
    binary_scores,
    expected_calibration_error,
    rank_baseline,
)

EXPRESSION = [0.0, 2.0, 9.0, 4.0, 4.0, 1.0, 0.5]
GENE, CELL = list("abcabcd"), list("xxxyyyy")


def test_mean_ranks_by_hand():
    # in x 1/6, 3/6, 5/6; in y a and b share places 3 and 4 of four, c and d have 2 and 1
    expected = {"a": (1 / 6 + 3 / 4) / 2, "b": (1 / 2 + 3 / 4) / 2, "c": (5 / 6 + 3 / 8) / 2}
    found = rank_baseline(EXPRESSION, GENE, CELL, ["c", "a", "b", "d", "e"])
    assert found == pytest.approx([expected["c"], expected["a"], expected["b"], 1 / 8, 0.5])
    # of each cell only the order counts
    other = np.where(np.array(CELL) == "x", 100 * np.array(EXPRESSION), np.array(EXPRESSION) - 7)
    assert rank_baseline(other, GENE, CELL, ["c", "a"]).tolist() == found[:2].tolist()


def test_means_without_cells():
    reference = RankReference(np.array([1.0, 2, 3, 4, np.nan, 5]), *np.divmod(np.arange(6), 2))
    # genes 0 to 2 in cells 0 and 1; gene 2 is not known in cell 0
    assert reference.mean(np.arange(3)) == pytest.approx([(1 / 4 + 1 / 6) / 2, 0.625, 5 / 6])
    assert reference.mean(np.arange(3), 1) == pytest.approx([1 / 4, 3 / 4, 0.5])
    assert reference.mean(np.array([0, 2]), np.array([0, 1])) == pytest.approx([1 / 6, 0.5])
    assert reference.mean(np.arange(3), 0, 1).tolist() == [0.5] * 3


def test_the_probability_is_fitted_without_a_cells_own_rank():
    rng = np.random.default_rng(0)
    level = rng.normal(size=(400, 1))
    expression = level + rng.normal(size=(400, 4))
    y = expression > 0
    gene, cell = np.repeat(np.arange(400), 3), np.tile(np.arange(3), 400)
    train, test = np.repeat(np.arange(400) < 300, 3), np.arange(300, 400)
    found = rank_baseline(
        expression[:, :3].ravel(), gene, cell, test, y_train=y[:, :3].ravel(), calibrate_on=train
    )
    ranks = (rankdata(expression[:, :3], axis=0) - 0.5) / 400
    others = (ranks.sum(axis=1, keepdims=True) - ranks)[:300] / 2
    fit = LogisticRegression().fit(others.reshape(-1, 1) - 0.5, y[:300, :3].ravel())
    expected = fit.predict_proba(ranks[300:].mean(axis=1, keepdims=True) - 0.5)[:, 1]
    np.testing.assert_allclose(found, expected, atol=2e-3)
    # labels of test genes are not looked at
    hidden = np.where(train, y[:, :3].ravel(), False)
    again = rank_baseline(
        expression[:, :3].ravel(), gene, cell, test, y_train=hidden, calibrate_on=train
    )
    np.testing.assert_array_equal(found, again)


def test_what_cannot_be_calibrated_is_the_rank():
    mean = rank_baseline([1, 2, 3], list("abc"), ["x"] * 3, list("abc"))
    one = rank_baseline([1, 2, 3], list("abc"), ["x"] * 3, list("abc"), y_train=[0, 1, 1])
    assert one.tolist() == mean.tolist() == pytest.approx([1 / 6, 1 / 2, 5 / 6])
    # labels that run against the ranks do not turn the order round
    args = [1, 2, 3, 1, 2, 3], list("abcabc"), list("xxxyyy"), list("abc")
    against = rank_baseline(*args, y_train=[1, 1, 0, 1, 0, 0])
    assert against[0] < against[1] < against[2]


def test_on_real_cells(shared_data):
    data = np.load(shared_data / "roadmap_expression.npz")
    rpkm, cells = data["rpkm"][::4], data["cells"].tolist()
    y = rpkm > np.median(rpkm, axis=0)
    n_genes, n_cells = rpkm.shape
    gene, cell = np.repeat(np.arange(n_genes), n_cells - 1), np.tile(np.arange(55), n_genes)
    scores = {}
    for name in ("E012", "E013"):
        test = cells.index(name)
        others = np.delete(np.arange(n_cells), test)
        found = rank_baseline(
            rpkm[:, others].ravel(), gene, cell, np.arange(n_genes), y_train=y[:, others].ravel()
        )
        scores[name] = auroc(y[:, test], found)
        assert expected_calibration_error(y[:, test], found) < 0.06
        assert binary_scores(y[:, test], found)["log_loss"] < 0.32
    assert scores["E012"] == pytest.approx(0.942, abs=0.015)
    assert scores["E013"] == pytest.approx(0.960, abs=0.015)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gene_train": list("ab")}, r"gene_train has shape \(2,\), but expression_train has"),
        ({"cell_train": list("xy")}, r"cell_train has shape \(2,\)"),
        ({"expression_train": [1, np.nan] + [0] * 5}, "expression_train is nan in row 1"),
        ({"expression_train": []}, r"expression_train has shape \(0,\)"),
        ({"y_train": [0, 1]}, r"y_train has shape \(2,\)"),
        ({"y_train": [0, 1, 2, 0, 1, 2, 0]}, r"y_train has 3 class"),
        ({"calibrate_on": [0, 1, 0, 0, 1, 0, 1]}, "calibrate_on must be Boolean"),
        ({"gene_test": [1.5]}, "Genes must be text"),
    ],
)
def test_faults_are_named(change, message):
    given = {"expression_train": EXPRESSION, "gene_train": GENE, "cell_train": CELL}
    with pytest.raises(ValueError, match=message):
        rank_baseline(**{**given, "gene_test": ["a"], **change})
