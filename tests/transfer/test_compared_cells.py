"""Which genes are compared, which samples are learned from, and how genes are divided."""

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor
from histoexpr.transfer._compared_cells import (
    divide_genes,
    find_cells,
    target_of,
    training_samples,
)
from support.small_datasets import make_dataset


def test_genes_are_matched_in_the_order_of_the_first_cell():
    data = make_dataset(n_genes=6, cells=("A", "B", "C"))
    data = data.take([5, 0, 3, 2, 9, 8, 11, 6, 12])  # A: 5 0 3 2, B: 3 2 5 0
    cells = find_cells(data, "A", "B", None)
    assert cells.first.gene.tolist() == ["005", "000", "003", "002"]
    assert cells.second.gene.tolist() == cells.first.gene.tolist()
    assert cells.left_out == 0
    assert cells.whole.cells.tolist() == ["A", "B"]
    assert cells.whole.y is None
    assert cells.whole.expression is None
    fewer = find_cells(data.take([0, 1, 2, 5, 4]), "A", "B", None)  # 5 0 3 and 2 3
    assert fewer.first.gene.tolist() == ["003"]
    assert fewer.left_out == 3


def test_only_known_expression_is_learned_from():
    data = make_dataset(n_genes=4, cells=("A", "B"), y=None)
    data = data.replace(expression=[1, np.nan, 3, 0, *[np.nan] * 4])
    assert training_samples(data, None, "expression").gene.tolist() == ["000", "002", "003"]
    with pytest.raises(ValueError, match="no cell B with known expression; there are A"):
        training_samples(data, "B", "expression")
    with pytest.raises(ValueError, match="No cell has labels"):
        training_samples(data, None, "label")


def test_what_is_learned_by_default():
    data = make_dataset()
    assert target_of(None, data) == "expression"
    assert target_of(None, data.replace(expression=None)) == "label"
    assert target_of(None, data.replace(expression=np.full(8, np.nan))) == "label"
    assert target_of(HistoneLinearClassifier(), data) == "label"
    assert target_of(HistoneLinearRegressor(), data.replace(expression=None)) == "expression"


def test_a_gene_is_in_one_fold_in_all_cells():
    data = make_dataset(n_genes=8, cells=("A", "B", "C"), chrom=["1", "2", "3", "1"] * 6)
    cells = find_cells(data, "A", "B", None)
    for genes, by in (("auto", "chromosome"), ("kfold", "kfold")):
        folds = divide_genes(cells, data, genes, 5, 0)
        assert folds.by == by
        fold = dict(zip(cells.first.gene, folds.of_gene, strict=True))
        assert [fold[gene] for gene in data.gene] == folds.of_sample.tolist()
        assert set(fold.values()) == set(range(len(folds.names)))
    by_chrom = divide_genes(cells, data, "chromosome", 5, 0)
    assert sorted(by_chrom.names) == ["1", "2", "3"]
    for changes in ({"chrom": ["1"] * 24}, {"chrom": None}, {"chrom": ["1", ""] * 12}):
        other = data.replace(**changes)
        folds = divide_genes(find_cells(other, "A", "B", None), other, "auto", 5, 0)
        assert folds.by == "kfold"
        assert len(folds.names) == 5


def test_folds_of_few_genes():
    data = make_dataset(n_genes=4, cells=("A", "B"), chrom=None)
    folds = divide_genes(find_cells(data, "A", "B", None), data, "auto", 5, 0)
    assert sorted(folds.of_gene) == [0, 1, 2, 3]
