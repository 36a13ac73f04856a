"""Which cells of a study are tested as the published benchmark tests them."""

import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import benchmark_cells, evaluate_cells, make_model

CHECK = "histoexpr.experiments._benchmark.are_test_genes"
NAMES = ["E004", "mine", "E003"]


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(n_cells=3, n_genes=120, cell_names=NAMES, random_state=0)


def evaluated(data, genes="split"):
    models = {name: make_model(name, name) for name in ("logistic", "ridge")}
    return evaluate_cells(models, data, genes=genes)


@pytest.fixture(scope="module")
def results(data):
    return evaluated(data)


def only(genes):
    """Return a check that knows these test genes."""
    return lambda found: set(found) == set(genes)


def test_other_genes_are_not_the_benchmarks(results):
    assert benchmark_cells(results) == []


def test_published_cells_with_the_test_genes(data, results, monkeypatch):
    monkeypatch.setattr(CHECK, only(data.gene[data.split == "test"]))
    assert benchmark_cells(results) == ["E003", "E004"]
    monkeypatch.setattr(CHECK, only(data.gene[data.split == "train"]))
    assert benchmark_cells(results) == []


def test_a_cell_that_lacks_a_test_gene_is_left_out(data, monkeypatch):
    test = data.split == "test"
    first = data.gene[test][0]
    monkeypatch.setattr(CHECK, only(data.gene[test]))
    part = data.take(~((data.cell == "E003") & (data.gene == first)))
    assert benchmark_cells(evaluated(part)) == ["E004"]


def test_folds_are_another_division_of_the_genes(data, monkeypatch):
    monkeypatch.setattr(CHECK, only(data.gene))
    assert benchmark_cells(evaluated(data, "kfold")) == []


def test_expression_alone_has_no_published_figure(data, monkeypatch):
    test = data.select(split="test").genes
    monkeypatch.setattr(CHECK, only(test))
    unlabelled = data.replace(y=None)
    results = evaluate_cells({"ridge": make_model("ridge", "ridge")}, unlabelled, genes="split")
    assert benchmark_cells(results) == []
