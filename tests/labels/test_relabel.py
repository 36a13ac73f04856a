"""Data sets labelled anew."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.datasets import ExpressionTable, load_deepchrome
from histoexpr.exceptions import HistoexprWarning
from histoexpr.labels import relabel

TABLE = ExpressionTable(
    # medians 3.5 and 20
    [[43.985, 0.0], [3.5, 20.0], [0.2, 30.0], [9.0, 10.0], [1.0, 50.0]],
    [f"ENSG{number:011d}" for number in (3, 5, 419, 457, 460)],
    ["E003", "E004"],
    unit="RPKM",
)


def dataset(cells, genes, **columns):
    X = np.arange(len(genes) * 6).reshape(len(genes), 3, 2)
    return HistoneDataset(X, cell=cells, gene=genes, **columns)


def test_relabel_aligns_by_gene_and_cell():
    data = dataset(
        ["E004", "E003", "E004", "E003"],
        ["000419", "000003", "000003", "000457"],
        y=[0, 0, 0, 1],
        split=["train", "test", "train", "test"],
        meta={"source": "here"},
    )
    with pytest.warns(HistoexprWarning, match="one class in cell E003"):
        new = relabel(data, TABLE)
    assert new.y.tolist() == [1, 1, 0, 1]
    assert new.expression.tolist() == [30.0, 43.985, 0.0, 9.0]
    assert new.gene.tolist() == data.gene.tolist()
    assert new.split.tolist() == data.split.tolist()
    assert new.X is data.X
    assert new.meta["source"] == "here"
    assert new.meta["labels"] == {
        "method": "median",
        "cutoff_genes": "table",
        "n_genes_of_cutoff": 5,
        "unit": "RPKM",
        "n_genes_in_table": 5,
        "n_missing": 0,
        "n_left_out": 0,
        "n_changed": 2,
    }
    assert data.y.tolist() == [0, 0, 0, 1]
    assert data.expression is None


@pytest.mark.parametrize(
    "names",
    [
        ["ENSG00000000003", "ENSG00000000005"],
        ["ENSG00000000003.14", "ENSG00000000005.5"],
        ["000003", "000005"],
        ["3", "5"],
    ],
)
def test_spellings_of_a_gene(names):
    assert relabel(dataset(["E003"] * 2, names), TABLE).expression.tolist() == [43.985, 3.5]


@pytest.mark.parametrize("known", [["000003", "000005"], ["3", "5"], ["ENSG00000000003.9", "5"]])
def test_spellings_in_the_table(known):
    table = ExpressionTable([[7.0], [8.0]], known, ["E003"])
    data = dataset(["E003"] * 2, ["ENSG00000000005", "ENSG00000000003.1"])
    assert relabel(data, table).expression.tolist() == [8.0, 7.0]


def test_numbers_of_another_kind_are_not_taken_for_ensembl_genes():
    # NCBI's 3 and 7105 are not ENSG00000000003 and ENSG00000007105
    data = dataset(["E003"] * 3, ["3", "7105", "64102"])
    with pytest.raises(ValueError, match=r"3 of 3 genes are not .* same kind of identifiers"):
        relabel(data, TABLE)
    with pytest.raises(ValueError, match="3 of 3 genes"):
        relabel(data, TABLE, missing="drop")


def test_one_gene_under_two_names_in_the_table_is_refused():
    table = ExpressionTable([[1.0], [2.0]], ["ENSG00000000003.1", "ENSG00000000003.2"], ["E003"])
    with pytest.raises(ValueError, match=r"may be ENSG00000000003.1 or ENSG00000000003.2"):
        relabel(dataset(["E003"], ["ENSG00000000003"]), table)
    exact = relabel(dataset(["E003"], ["ENSG00000000003.2"]), table)
    assert exact.expression.tolist() == [2.0]


def test_missing_genes_are_refused_or_dropped():
    data = dataset(["E003"] * 3, ["000003", "TNMD", "000457"], y=[0, 1, 0])
    with pytest.raises(ValueError, match=r"1 of 3 genes are not .*TNMD.*missing='drop'"):
        relabel(data, TABLE)
    with (
        pytest.warns(HistoexprWarning, match="one class in cell E003"),
        pytest.warns(HistoexprWarning, match=r"TNMD.*Their 1 samples are dropped"),
    ):
        new = relabel(data, TABLE, missing="drop")
    assert new.gene.tolist() == ["000003", "000457"]
    assert new.y.tolist() == [1, 1]
    np.testing.assert_array_equal(new.X, data.X[[0, 2]])
    assert new.meta["labels"]["n_missing"] == 1
    assert new.meta["labels"]["n_changed"] == 2
    with pytest.raises(ValueError, match="'missing' parameter"):
        relabel(data, TABLE, missing="ignore")


def test_the_middle_is_removed():
    data = dataset(["E003"] * 5, [gene[-6:] for gene in TABLE.genes])
    new = relabel(data, TABLE, "top-bottom", fraction=0.2)  # cut-offs 0.84 and 15.997
    assert new.gene.tolist() == ["000003", "000419"]
    assert new.y.tolist() == [1, 0]
    assert new.meta["labels"]["n_left_out"] == 3
    assert new.meta["labels"]["fraction"] == 0.2


def test_cutoffs_come_from_all_genes_of_the_table():
    # of these two alone, one would be above the median; in the table both are
    with pytest.warns(HistoexprWarning, match="one class in cell E003"):
        new = relabel(dataset(["E003"] * 2, ["000003", "000457"]), TABLE)
    assert new.y.tolist() == [1, 1]


def test_cutoffs_over_the_genes_of_the_data_set():
    # 43.985 and 9: their median is 26.4925, and the gene that comes twice counts once
    data = dataset(["E003"] * 3, ["000003", "000457", "000457"])
    new = relabel(data, TABLE, cutoff_genes="dataset")
    assert new.y.tolist() == [1, 0, 0]
    assert new.meta["labels"]["cutoff_genes"] == "dataset"
    assert new.meta["labels"]["n_genes_of_cutoff"] == 2


def test_wrong_cell_or_type():
    with pytest.raises(ValueError, match=r"No cell E999.*E003, E004"):
        relabel(dataset(["E999"], ["000003"]), TABLE)
    with pytest.raises(TypeError, match="read_expression"):
        relabel(dataset(["E003"], ["000003"]), TABLE.values)


@pytest.fixture(scope="module")
def roadmap(shared_data):
    with np.load(shared_data / "roadmap_expression.npz") as archive:
        return {name: archive[name] for name in ("rpkm", "cells", "gene_id")}


def test_relabel_corrects_the_published_files(roadmap, shared_data):
    _, first = np.unique(roadmap["gene_id"], return_index=True)
    table = ExpressionTable(roadmap["rpkm"][first], roadmap["gene_id"][first], roadmap["cells"])
    toy = shared_data / "toy_deepchrome" / "classification"
    toy = load_deepchrome(toy, cells="E003", cache=False)
    new = relabel(toy, table)
    assert (new.y > toy.y).sum() == new.meta["labels"]["n_changed"] == 6
    assert new.split.tolist() == toy.split.tolist()
    # files whose labels are right already
    folder = shared_data / "counts" / "deepchrome_csv"
    right = load_deepchrome(folder, cache=False)
    assert relabel(right, table).meta["labels"]["n_changed"] == 0
    assert right.n_samples == 800


def test_what_is_no_data_set_is_refused(table):
    for other in (3, "folder"):
        with pytest.raises(TypeError, match=r"dataset must be .*HistoneDataset, got .*load_data"):
            relabel(other, table)
