"""The simulated data set: interface, given expression and real AUROC."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from histoexpr import HistoneDataset, make_histone_cells
from histoexpr.datasets import ExpressionTable
from histoexpr.labels import relabel
from support.simulation_statistics import MARKS, RPKM, pooled, regression_aurocs


def test_regression_reaches_the_auroc_of_real_data(simulated_cells):
    aurocs = regression_aurocs(simulated_cells)
    assert 0.84 < aurocs.min() < aurocs.max() < 0.96


def test_real_cells_reach_that_auroc(real_cells):
    for X, y in real_cells:
        half = np.arange(len(y)) % 2 == 0
        aurocs = []
        for rows in (half, ~half):
            model = make_pipeline(StandardScaler(), LogisticRegression())
            model.fit(pooled(X[rows]), y[rows])
            aurocs.append(roc_auc_score(y[~rows], model.decision_function(pooled(X[~rows]))))
        assert 0.84 < np.mean(aurocs) < 0.96


def test_returns_a_complete_data_set(simulated):
    assert isinstance(simulated, HistoneDataset)
    assert simulated.X.shape == (10 * 2000, 100, 5)
    assert simulated.X.dtype == np.uint16
    assert simulated.marks == MARKS
    assert simulated.window == (-5000, 5000)
    assert list(simulated.cells) == [f"C{number:02d}" for number in range(1, 11)]
    assert simulated.gene[0] == "G00001"
    assert set(simulated.strand) == {"+", "-"}
    assert set(simulated.chrom) >= {"chr1", "chr19", "chrX"}
    assert simulated.tss.min() > 5000
    np.testing.assert_array_equal(simulated.gene[:2000], simulated.gene[-2000:])


def test_labels_are_above_the_median_of_the_cell(simulated_cells):
    for cell in simulated_cells:
        np.testing.assert_array_equal(cell.y, cell.expression > np.median(cell.expression))
    unlabelled = make_histone_cells(1, 4, label=None, random_state=0)
    assert unlabelled.y is None


def test_gene_columns_are_the_same_in_all_cells(simulated):
    for name in ("chrom", "tss", "strand", "split"):
        values = getattr(simulated, name).reshape(10, 2000)
        assert np.all(values == values[0]), name
    _, counts = np.unique(simulated.split[:2000], return_counts=True)
    np.testing.assert_array_equal(np.sort(counts), [666, 667, 667])


def test_same_seed_same_data():
    one, same, other = (make_histone_cells(2, 300, random_state=seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(one.X, same.X)
    np.testing.assert_array_equal(one.expression, same.expression)
    np.testing.assert_array_equal(one.tss, same.tss)
    assert np.any(one.X != other.X)
    generator = np.random.RandomState(7)
    first, second = (make_histone_cells(2, 50, random_state=generator) for _ in range(2))
    assert np.any(first.expression != second.expression)


@pytest.mark.parametrize("n_bins", [7, 20])
def test_orientation_mirrors_the_genes_on_the_minus_strand(n_bins):
    oriented, genome = (
        make_histone_cells(2, 300, n_bins=n_bins, oriented=value, random_state=3)
        for value in (True, False)
    )
    minus = genome.strand == "-"
    assert 100 < minus.sum() < 500
    np.testing.assert_array_equal(oriented.X[~minus], genome.X[~minus])
    np.testing.assert_array_equal(oriented.X[minus], genome.X[minus, ::-1])
    assert np.any(oriented.X != genome.X)
    default = make_histone_cells(2, 300, n_bins=n_bins, random_state=3)
    np.testing.assert_array_equal(default.X, oriented.X)
    np.testing.assert_array_equal(oriented.strand, genome.strand)


def _region_aurocs(data, y, regions):
    """Mean AUROC of a linear model on log sums of regions; chromosomes are folds."""
    sums = data.X.reshape(len(y), regions, -1, len(MARKS)).sum(axis=2)
    features = np.log1p(sums).reshape(len(y), -1)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    folds = GroupKFold(3)
    return cross_val_score(
        model, features, y, groups=data.chrom, cv=folds, scoring="roc_auc"
    ).mean()


def test_regions_know_more_than_sums_where_genes_are_oriented():
    oriented, genome = (
        make_histone_cells(1, 4000, depth=1, oriented=value, random_state=1)
        for value in (True, False)
    )
    one, two, ten = (_region_aurocs(oriented, oriented.y, regions) for regions in (1, 2, 10))
    # as in real cells: .923, .945, .949 (E012) and .921, .941, .943 (E013)
    assert 0.90 < one < two - 0.01
    assert two < ten < 0.975
    assert ten > one + 0.015
    assert _region_aurocs(genome, genome.y, 1) == pytest.approx(one, abs=1e-9)
    assert _region_aurocs(genome, genome.y, 10) < ten - 0.01
    null = np.random.default_rng(0).permutation(oriented.y)
    for regions in (1, 10):
        assert _region_aurocs(oriented, null, regions) == pytest.approx(0.5, abs=0.04)


def test_given_expression_is_kept():
    data = make_histone_cells(expression=RPKM, random_state=0)
    np.testing.assert_array_equal(data.expression.reshape(3, 4), np.array(RPKM).T)
    np.testing.assert_array_equal(data.y.reshape(3, 4), [[0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]])
    assert list(data.cells) == ["C01", "C02", "C03"]
    assert data.chrom is not None


@pytest.mark.parametrize("kind", ["frame", "table"])
def test_given_expression_brings_names(kind):
    names = ["TP53", "MYC", "ACTB", "HBB"], ["E003", "E123", "E116"]
    table = ExpressionTable(RPKM, *names, unit="RPKM")
    given = table if kind == "table" else pd.DataFrame(RPKM, *names)
    data = make_histone_cells(expression=given, random_state=0)
    assert list(data.gene[:4]) == names[0]
    assert list(data.cell[::4]) == names[1]
    # real genes get no invented position
    assert data.chrom is None
    assert data.tss is None
    np.testing.assert_array_equal(relabel(data, table).y, data.y)


def test_given_gene_columns_are_kept():
    given = {
        "chrom": ["chr1", "chr2", "chr2", "chrX"],
        "tss": [100, 200, 300, 400],
        "strand": ["+", "-", "-", "+"],
        "split": ["train", "test", "test", "valid"],
    }
    names = {"cell_names": ["a", "b", "c"], "gene_names": ["g", "h", "i", "j"]}
    data = make_histone_cells(expression=RPKM, **given, **names, random_state=0)
    for name, values in given.items():
        assert list(getattr(data, name)) == 3 * values
    assert list(data.cell[::4]) == ["a", "b", "c"]
    assert list(data.gene[:4]) == ["g", "h", "i", "j"]


def test_signals_follow_given_expression():
    rng = np.random.default_rng(0)
    expression = np.where(rng.random((1000, 2)) < 0.5, 0.0, 50.0)
    data = make_histone_cells(expression=expression, depth=1, random_state=0)
    peak = data.X[:, 40:60, 3].mean(axis=1)
    for cell in data.cells:
        rows = data.cell == cell
        assert roc_auc_score(data.expression[rows] > 1, peak[rows]) > 0.8


def test_reference_cells_come_beside_the_same_data():
    plain = make_histone_cells(3, 200, n_bins=10, random_state=4)
    data, reference = make_histone_cells(3, 200, n_bins=10, n_reference_cells=12, random_state=4)
    np.testing.assert_array_equal(data.X, plain.X)
    np.testing.assert_array_equal(data.expression, plain.expression)
    assert isinstance(reference, ExpressionTable)
    assert (reference.unit, reference.values.shape) == ("RPKM", (200, 12))
    assert list(reference.cells[[0, -1]]) == ["R01", "R12"]
    np.testing.assert_array_equal(reference.genes, data.gene[:200])
    assert set(data.meta["groups"]) == {"C01", "C02", "C03"}
    assert set(data.meta["reference_groups"]) == set(reference.cells)
    # the first cells are the same, however many there are
    _, more = make_histone_cells(3, 200, n_bins=10, n_reference_cells=20, random_state=4)
    groups = list(data.meta["reference_groups"].values())
    assert list(plain.meta["groups"].values()) == list(data.meta["groups"].values())
    assert len(set(groups)) > 1
    assert more.values.shape == (200, 20)
    with pytest.raises(ValueError, match="keep some of its cells back as the reference"):
        make_histone_cells(expression=RPKM, n_reference_cells=2)


def test_missing_marks_are_nan_in_their_cell_only():
    whole = make_histone_cells(2, 50, random_state=0)
    data = make_histone_cells(2, 50, missing_marks={"C02": ["H3K4me1", "H3K9me3"]}, random_state=0)
    assert data.X.dtype == np.float32
    np.testing.assert_array_equal(data.X[:50], whole.X[:50])
    assert np.isnan(data.X[50:][:, :, [2, 4]]).all()
    np.testing.assert_array_equal(data.X[50:][:, :, [0, 1, 3]], whole.X[50:][:, :, [0, 1, 3]])
    one = make_histone_cells(2, 50, missing_marks={"C01": "H3K4me3"}, random_state=0)
    assert np.isnan(one.X).all(axis=1).sum() == 50


def test_real_expression_gets_signals(shared_data):
    real = np.load(shared_data / "roadmap_expression.npz")
    rows = np.arange(0, 19802, 10)
    data = make_histone_cells(
        expression=real["rpkm"][rows, :4],
        cell_names=real["cells"][:4],
        gene_names=real["gene_id"][rows],
        chrom=real["chrom"][rows],
        tss=real["tss"][rows],
        split=real["split_names"][real["split"][rows]],
        random_state=0,
    )
    aurocs = regression_aurocs([data.select(cells=cell) for cell in data.cells])
    assert 0.84 < aurocs.min() < aurocs.max() < 0.96


@pytest.mark.slow
def test_all_real_expression_gets_signals(shared_data):
    real = np.load(shared_data / "roadmap_expression.npz")
    data = make_histone_cells(expression=real["rpkm"], random_state=0)
    assert data.X.shape == (56 * 19802, 100, 5)
    assert data.X.dtype == np.uint16
