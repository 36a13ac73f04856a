"""Which genes vary, by every definition, and that a test cell can be kept out."""

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable, make_histone_cells
from histoexpr.metrics import auroc, consensus_baseline, variable_genes, vary
from support.between_cells import columns_of

GENE, CELL = list("aaabbbccc"), list("xyz") * 3


def test_by_hand():
    y = [0, 1, 0, 1, 1, 1, 0, 0, 1]
    assert variable_genes(y, GENE, CELL).tolist() == ["a", "c"]
    assert variable_genes(y, GENE, CELL, without="z").tolist() == ["a"]
    assert variable_genes(y, GENE, CELL, without=["y"]).tolist() == ["c"]
    log2 = [0.0, 1.0, 2.0, 0.0, 0.0, 2.0, 4.0, 4.0, np.nan]
    by_sd = {"definition": "sd"}
    assert variable_genes(log2, GENE, CELL, **by_sd).tolist() == ["b"]  # sd 1, 1.15 and 0
    assert variable_genes(log2, GENE, CELL, **by_sd, threshold=0.9).tolist() == ["a", "b"]
    assert variable_genes(log2, GENE, CELL, **by_sd, threshold=0).tolist() == ["a", "b"]
    by_range = variable_genes(
        log2, GENE, CELL, definition=lambda t: np.nanmax(t, 1) - np.nanmin(t, 1) >= 2
    )
    assert by_range.tolist() == ["a", "b"]


def test_order_and_names_of_samples_do_not_matter():
    columns = columns_of(30, 4)
    y = np.random.default_rng(0).integers(0, 2, 120)
    found = variable_genes(y, columns["gene"], columns["cell"])
    order = np.random.default_rng(1).permutation(120)
    again = variable_genes(y[order] == 1, columns["gene"][order], columns["cell"][order].tolist())
    assert again.tolist() == found.tolist() == sorted(found)
    assert 0 < len(found) < 30


def test_data_sets_and_tables():
    data = make_histone_cells(3, 60, random_state=0)
    shape = len(data.genes), 3
    assert (data.gene.reshape(3, -1) == data.gene[: shape[0]]).all()
    y, rpkm = (values.reshape(3, -1).T for values in (data.y, data.expression))
    genes = data.gene[: shape[0]]
    expected = np.sort(genes[y.min(axis=1) != y.max(axis=1)])
    assert variable_genes(data).tolist() == expected.tolist()
    log2 = np.log2(rpkm + 1)
    expected = np.sort(genes[log2.std(axis=1, ddof=1) > 1])
    assert 0 < len(expected) < shape[0]
    assert variable_genes(data, definition="sd").tolist() == expected.tolist()
    cells = [data.cell[n * shape[0]] for n in range(3)]
    table = ExpressionTable(rpkm, genes, cells, unit="RPKM")
    assert variable_genes(table, definition="sd").tolist() == expected.tolist()
    table = ExpressionTable(log2, genes, cells, unit="log2 RPKM")
    assert variable_genes(table, definition="sd").tolist() == expected.tolist()
    assert variable_genes(data.y, data).tolist() == variable_genes(data).tolist()


def test_genes_chosen_by_a_cells_own_labels_mislead():
    """Labels of the other cells are then worse than chance, though all labels are independent."""
    columns = columns_of(3000, 4)
    y = np.random.default_rng(0).integers(0, 2, 12000)
    test = columns["cell"] == "0"
    score = consensus_baseline(y[~test], columns["gene"][~test], columns["gene"][test])
    reached = {}
    for without in (None, "0"):
        chosen = variable_genes(y, columns["gene"], columns["cell"], without=without)
        rows = np.isin(columns["gene"][test], chosen)
        reached[without] = auroc(y[test][rows], score[rows])
    assert reached[None] < 0.4
    assert reached["0"] == pytest.approx(0.5, abs=0.03)


def test_rows_of_a_table():
    table = np.array([[0, 1, np.nan], [1, np.nan, np.nan], [np.nan] * 3])
    assert vary(table).tolist() == [True, False, False]
    assert vary(table * 3, "sd", 1).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: variable_genes([0, 1], ["a", "a"], ["x", "x"]), "Gene a has 2 samples in cell x"),
        (lambda: variable_genes([0, 1], ["a", "b"], ["x", "x"]), "two cells at least.*have 1"),
        (
            lambda: variable_genes([0, 1], ["a", "a"], ["x", "y"], without="w"),
            "'w'; there are x, y",
        ),
        (lambda: variable_genes([0, 1], ["a", "a"], ["x", "y"], without="x"), "those left out"),
        (lambda: variable_genes([0, 1]), "gene is missing"),
        (lambda: variable_genes([0, 1], ["a", "a"]), "cell is missing"),
        (lambda: variable_genes([], [], []), "no samples"),
        (lambda: variable_genes([0, 3, 5], ["a"] * 3, list("xyz")), r"values has 3 class"),
        (lambda: variable_genes([0, 1], ["a", "a"], ["x", "y"], definition="range"), "definition"),
        (
            lambda: variable_genes([0, 1], ["a", "a"], ["x", "y"], definition=lambda t: t.sum(1)),
            "definition returned float64",
        ),
        (lambda: variable_genes(ExpressionTable([[1.0]], ["a"], ["x"])), "Say definition='sd'"),
    ],
)
def test_faults_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_data_sets_that_lack_what_is_asked():
    data = make_histone_cells(2, 30, random_state=0)
    with pytest.raises(ValueError, match="no labels"):
        variable_genes(data.replace(y=None))
    with pytest.raises(ValueError, match="no expression"):
        variable_genes(data.replace(expression=None), definition="sd")
    with pytest.raises(ValueError, match="expression is -1 in row 0"):
        variable_genes(data.replace(expression=np.full(60, -1.0)), definition="sd")
    with pytest.raises(ValueError, match="beside a data set"):
        variable_genes(data, data.gene)
