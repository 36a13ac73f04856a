"""Tables of genes and cells, what is resampled, and what is refused."""

import numpy as np
import pytest

from histoexpr.datasets import HistoneDataset
from histoexpr.metrics import (
    BetweenCellsScore,
    gene_tables,
    switching_accuracy,
    within_gene_spearman,
)
from histoexpr.metrics._gene_tables import count_pairs, ratio_of_sums
from support.between_cells import columns_of


def test_tables_do_not_depend_on_the_order_of_samples():
    columns = columns_of(7, 3, 4)
    y, predicted = np.random.default_rng(0).normal(size=(2, 21))
    y[4] = np.nan  # gene 1 in cell 1
    tables = gene_tables(y, predicted, **columns)
    assert tables.measured.shape == (7, 3)
    assert tables.genes.tolist() == [f"g{n}" for n in range(7)]
    assert np.isnan(tables.measured[1, 1])
    assert np.isnan(tables.predicted[1, 1])
    np.testing.assert_array_equal(tables.measured[2], y[6:9])
    assert tables.unit.tolist() == [0, 1, 2, 3, 0, 1, 2]
    assert (tables.n_units, tables.resampled) == (4, "chrom")
    order = np.random.default_rng(1).permutation(21)
    again = gene_tables(y[order], predicted[order], *(c[order] for c in columns.values()))
    for ours, theirs in zip(tables, again, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_without_chromosomes_genes_are_resampled_in_groups():
    columns = columns_of(1234, 2)
    del columns["chrom"]
    tables = gene_tables(np.zeros(2468), np.zeros(2468), **columns, chrom=None)
    assert (tables.n_units, tables.resampled) == (100, "gene")
    sizes = np.bincount(tables.unit)
    assert set(sizes) == {12, 13}
    few = gene_tables(np.zeros(4), np.zeros(4), list("aabb"), [1, 2, 1, 2], None)
    assert sorted(few.unit) == [0, 1]
    score = within_gene_spearman(
        np.arange(9), np.arange(9), gene=list("aaabbbccc"), cell=list("xyz") * 3
    )
    assert score.resampled == "gene"
    assert score.value == 1
    assert np.isnan([score.low, score.high]).all()  # of three genes


def test_a_data_set_gives_the_columns():
    columns = columns_of(30, 3, 10)
    y = np.random.default_rng(0).integers(0, 2, 90)
    data = HistoneDataset(np.zeros((90, 2, 1)), y, **columns)
    score = np.random.default_rng(1).normal(size=90)
    expected = switching_accuracy(y, score, **columns)
    assert switching_accuracy(y, score, gene=data) == expected
    assert switching_accuracy(y, score, gene=data.groups) == expected
    assert expected.resampled == "chrom"
    assert isinstance(expected, BetweenCellsScore)


def test_only_the_genes_named_count():
    columns = columns_of(40, 3, 10)
    y, score = np.random.default_rng(0).normal(size=(2, 120))
    chosen = np.isin(columns["gene"], ["g3", "g7", "g8", "g11"])
    found = within_gene_spearman(y, score, **columns, genes=["g11", "g3", "g7", "g8", "none"])
    part = {name: column[chosen] for name, column in columns.items()}
    assert found[3:] == within_gene_spearman(y[chosen], score[chosen], **part)[3:]
    assert found.value == within_gene_spearman(y[chosen], score[chosen], **part).value
    nothing = within_gene_spearman(y, score, **columns, genes=["none"])
    assert np.isnan(nothing.value)
    assert nothing.n_genes == 0


def test_sums_by_unit():
    assert count_pairs(np.array([[True, True, True], [True, False, False]])).tolist() == [3, 0]
    evaluate = ratio_of_sums(np.array([1.0, 3.0]), np.array([2.0, 4.0]))
    found = evaluate(np.array([[1.0, 0.0, 2.0, 0.0], [1.0, 2.0, 0.0, 0.0]]))
    np.testing.assert_array_equal(found, [4 / 6, 3 / 4, 1 / 2, np.nan])


Y, GENE, CELL = [0.0, 1.0, 2.0, 3.0], list("aabb"), list("xyxy")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y_pred": [1, 2, 3]}, r"y_pred has shape \(3,\); expected \(4,\)"),
        ({"y_pred": [1, 2, np.nan, 3]}, "y_pred is nan in row 2"),
        ({"y_true": [1, np.inf, 2, 3]}, "y_true is infinite in row 1"),
        ({"y_true": []}, r"y_true has shape \(0,\)"),
        ({"gene": list("aab")}, r"gene has shape \(3,\); expected \(4,\)"),
        ({"cell": None}, "cell is missing.*HistoneDataset"),
        ({"cell": list("xxxy")}, "Gene a has 2 samples in cell x"),
        ({"chrom": list("1213")}, "Gene a lies on 2 and on 1|Gene a lies on 1 and on 2"),
        ({"chrom": ["1", "1", "", ""]}, "Gene b has no chromosome"),
        ({"genes": [True, False]}, "expected names of genes"),
        ({"genes": "a"}, "'genes' parameter"),
        ({"confidence": 95}, "'confidence' parameter"),
        ({"n_resamples": 0}, "'n_resamples' parameter"),
    ],
)
def test_faults_are_named(change, message):
    given = {"y_true": Y, "y_pred": Y, "gene": GENE, "cell": CELL} | change
    with pytest.raises((ValueError, TypeError), match=message):
        within_gene_spearman(given.pop("y_true"), given.pop("y_pred"), **given)
