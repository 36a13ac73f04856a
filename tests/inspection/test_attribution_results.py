"""Contributions by gene, region and class."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor, attribute
from histoexpr.inspection._attribution_results import probability_text
from support.small_datasets import make_dataset


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    X = rng.poisson(np.where(np.arange(80) % 2, 8, 3)[:, None, None], (80, 4, 2))
    chroms = np.repeat([f"chr{k}" for k in range(1, 11)], 8)
    return make_dataset(n_genes=40, X=X, chrom=chroms, window=(-200, 200), oriented=True)


@pytest.fixture(scope="module")
def found(data):
    return attribute(HistoneLinearClassifier(n_regions=2).fit(data), data)


def test_the_table_has_a_row_for_each_sample(found, data):
    table = found.table
    assert table.columns.tolist() == [
        "gene", "symbol", "cell", "label", "output", "baseline_output", "gap", "K4", "K27",
    ]  # fmt: skip
    assert table["symbol"].tolist() == data.symbol.tolist()
    np.testing.assert_allclose(table[["K4", "K27"]], found.values.sum(axis=1))
    total = table["K4"] + table["K27"] - (table["output"] - table["baseline_output"])
    np.testing.assert_allclose(total, table["gap"], atol=1e-12)
    assert "Contributions to log-odds of class 1 of 80 samples" in repr(found)


def test_a_gene_by_mark_and_bin(found, data):
    frame = found.frame("s3", "B")
    row = 43
    assert found.row("S3", "B") == row
    assert len(frame) == 8
    assert frame["mark"].tolist() == ["K4"] * 4 + ["K27"] * 4
    assert frame["position"].tolist() == [-150, -50, 50, 150] * 2
    np.testing.assert_array_equal(frame["signal"], data.X[row].T.ravel())
    np.testing.assert_array_equal(frame["contribution"], found.values[row].T.ravel())
    np.testing.assert_array_equal(frame["baseline"], found.baseline.T.ravel())
    pd.testing.assert_frame_equal(frame, found.frame(row))
    assert found.row(-1) == 79
    with pytest.raises(ValueError, match="no sample 80"):
        found.row(80)
    with pytest.raises(ValueError, match="in several cells: A, B"):
        found.frame("S3")


def test_regions_are_sums_from_the_largest(found):
    regions = found.regions(5, n_regions=2)
    assert len(regions) == 4
    assert regions["contribution"].abs().is_monotonic_decreasing
    one = regions[(regions["mark"] == "K27") & (regions["first"] == 0)].iloc[0]
    assert one["last"] == 200
    assert one["contribution"] == pytest.approx(found.values[5, 2:, 1].sum())
    assert one["signal"] == found.signals[5, 2:, 1].mean()
    with pytest.raises(ValueError, match="cannot be made of 4 bins"):
        found.regions(5, n_regions=9)


def test_averages_by_class_with_intervals_over_chromosomes(found, data):
    averages = found.by_class()
    assert averages["n"].eq(40).all()
    on = averages[averages["class"] == 1]
    np.testing.assert_allclose(on["mean"], found.values[data.y == 1].mean(axis=0).T.ravel())
    assert (on["low"] <= on["mean"]).all()
    assert (on["mean"] <= on["high"]).all()
    assert on["mean"].sum() > 0 > averages.loc[averages["class"] == 0, "mean"].sum()
    groups = found.by_class(np.repeat(["first", "second"], [10, 70]))
    assert groups.groupby("class")["n"].first().to_dict() == {"first": 10, "second": 70}
    with pytest.raises(ValueError, match="one class for each of 80 genes, got the shape"):
        found.by_class([1, 2])


def test_intervals_of_an_average_cover_it():
    """95 % intervals of genes on 20 chromosomes that share their surroundings."""
    rng, covered = np.random.default_rng(0), 0
    model = HistoneLinearRegressor()
    model.fit(rng.poisson(5, (50, 2, 1)).astype(float), rng.normal(size=50))
    data = make_dataset(n_genes=200, cells=("A",), X=np.ones((200, 2, 1)), marks=["K4"],
                        chrom=np.repeat([f"chr{k}" for k in range(20)], 10))  # fmt: skip
    found = attribute(model, data.X, baseline="zero")
    for _ in range(100):
        shared = np.repeat(rng.normal(size=20), 10)
        values = (shared + rng.normal(size=200))[:, None, None]
        one = attribute_with(found, values, data)
        low, high = one.by_class(np.zeros(200, dtype=int))[["low", "high"]].iloc[0]
        covered += low <= 0 <= high
    assert 0.87 <= covered / 100 <= 0.99


def attribute_with(found, values, data):
    """Return an attribution with other contributions, and the chromosomes of a data set."""
    from dataclasses import replace

    from histoexpr.metrics import resampling_blocks

    blocks = resampling_blocks(len(data), chrom=data.chrom, tss=data.tss, gene=data.gene)
    values = np.broadcast_to(values, found.values.shape)
    return replace(found, values=values, blocks=blocks)


def test_arrays_have_no_names(data):
    model = HistoneLinearClassifier().fit(data.X, np.where(data.y, "on", "off"))
    found = attribute(model, data.X, target="off")
    assert found.table.columns.tolist()[:3] == ["output", "baseline_output", "gap"]
    assert found.title(2).startswith("sample 2: p(class off) = ")
    np.testing.assert_allclose(found.probability, model.predict_proba(data.X)[:, 0])
    with pytest.raises(ValueError, match="have no names"):
        found.row("S3")
    with pytest.raises(ValueError, match=r"got none\. Pass labels="):
        found.by_class()


def test_genes_in_words(found, data):
    row = 1
    said = probability_text(found.probability[row])
    assert found.title(row) == f"S1 (001) in A: p(expressed) = {said}, labelled expressed"
    assert found.name_class(0) == "not expressed"
    regressor = HistoneLinearRegressor().fit(data)
    value = attribute(regressor, data)
    assert value.title(0).startswith(f"S0 (000) in A: prediction {value.output[0]:.2f}, labelled")
    assert value.probability is None
    for p, text in ((0.5, "0.50"), (0.9958, "0.9958"), (0.00042, "0.00042"), (0.99, "0.99")):
        assert probability_text(p) == text
