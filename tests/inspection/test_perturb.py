"""Experiments in silico, against what is known of linear models."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearRegressor,
    make_histone_cells,
    perturb,
)
from histoexpr.exceptions import HistoexprWarning
from support.planted import SMALL_CNN, Known

ignore_range = pytest.mark.filterwarnings("ignore::histoexpr.exceptions.HistoexprWarning")


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(n_cells=1, n_genes=300, random_state=0)


@pytest.fixture(scope="module")
def logistic(data):
    return make_pipeline(BinPooler(), LogisticRegression(max_iter=500)).fit(data, data.y)


@ignore_range
def test_changes_of_a_linear_model_by_hand(data, logistic):
    """Log-odds of removal fall by the weight times the mean signal of the mark."""
    mark = data.marks.index("H3K4me3")
    weight, mean = logistic[-1].coef_[0, mark], data.X[:, :, mark].mean(axis=1)
    before = data.X.copy()
    found = perturb(data, "H3K4me3", estimator=logistic)
    table = found.table
    np.testing.assert_allclose(table["change"], -weight * mean, atol=1e-4)
    np.testing.assert_allclose(table["before"], logistic.decision_function(data))
    np.testing.assert_allclose(table["after"], logistic.decision_function(found.data))
    np.testing.assert_allclose(table["proba_after"], expit(table["after"]))
    calls = logistic.predict(data) != logistic.predict(found.data)
    assert table["flipped"].tolist() == calls.tolist()
    assert table["gene"].tolist() == data.gene.tolist()
    assert (found.data.X[:, :, mark] == 0).all()
    np.testing.assert_array_equal(data.X, before)  # the original is untouched
    half = perturb(data, "H3K4me3", (0, 5000), "scale", value=3, estimator=logistic).table
    second = data.X[:, 50:, mark].sum(axis=1) / 100
    np.testing.assert_allclose(half["change"], 2 * weight * second, atol=1e-4)
    reverse = perturb(data, "H3K4me3", estimator=logistic, target=0).table
    np.testing.assert_allclose(reverse["change"], weight * mean, atol=1e-4)


@ignore_range
def test_summary_is_of_all_and_of_each_label(data, logistic):
    found = perturb(data, "H3K4me3", estimator=logistic)
    table, summary = found.table, found.summary.set_index("samples")
    assert summary.index.tolist() == ["all", "y = 0", "y = 1"]
    for name, part in (("all", table), ("y = 1", table[data.y == 1])):
        row = summary.loc[name]
        assert row["n"] == len(part)
        assert row["change"] == pytest.approx(part["change"].mean())
        assert row["flipped"] == part["flipped"].mean()
        assert row["low"] < row["change"] < row["high"]
    assert found.outside == (table["outside_alone"] | table["outside_together"]).mean()
    assert found.unit == "chromosome"
    wide = perturb(data, "H3K4me3", estimator=logistic, confidence=0.5).summary
    assert wide["low"][0] > summary["low"].iloc[0]


@ignore_range  # all marks are the same but for the change
def test_intervals_cover_the_mean_change_of_the_population():
    """Of 60 samples of genes at 90 %, 16 misses or more had a chance below 1 in 5,000."""
    rng = np.random.default_rng(0)
    missed = 0
    for _ in range(60):
        level = rng.exponential(0.5, 300)
        X = np.repeat(level[:, None, None], 4, axis=1).repeat(3, axis=2)
        gene, chrom = [f"g{i}" for i in range(300)], [f"chr{i % 20}" for i in range(300)]
        sample = HistoneDataset(X, cell=["A"] * 300, gene=gene, chrom=chrom)
        found = perturb(sample, 0, None, "scale", value=1.5, estimator=Known(), confidence=0.9)
        row = found.summary.iloc[0]
        missed += not row["low"] < 2 * 0.5 * 0.5 < row["high"]
    assert missed < 16


def test_real_tracks_stay_inside_and_removal_of_what_is_everywhere_does_not(data, logistic):
    rng = np.random.default_rng(0)
    X = rng.poisson(rng.gamma(4, 2, (400, 1, 3)) + 3, (400, 20, 3))
    y = (X[:, :, 0].mean(axis=1) > 11).astype(int)
    model = make_pipeline(BinPooler(), LogisticRegression()).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for operation in ("low", "high", "swap"):
            found = perturb(X, 0, None, operation, estimator=model)
            assert found.outside < 0.1
        nothing = perturb(X, 0, None, "scale", value=1, estimator=model)
    assert nothing.outside < 0.03
    assert (nothing.table["change"] == 0).all()
    with pytest.warns(HistoexprWarning, match="100% of the changed genes are outside"):
        removed = perturb(X, 0, None, "remove", estimator=model)
    assert removed.table["outside_alone"].all()
    row = removed.ranges.iloc[0]
    assert row["after"] == 0 < row["observed_low"] < row["before"] < row["observed_high"]
    assert row["outside"] == 1


def test_marks_that_are_torn_apart_are_outside_together():
    """Two marks that always agree: one of them high, the other low is no real gene."""
    level = np.random.default_rng(0).uniform(5, 100, 500)
    X = np.repeat(level[:, None, None], 4, axis=1).repeat(3, axis=2)
    with pytest.warns(HistoexprWarning, match=r"in 0% a changed mark .* marks together are far"):
        found = perturb(X, [0, 1], None, ["high", "low"], estimator=Known())
    assert found.table["outside_together"].all()
    assert not found.table["outside_alone"].any()
    assert found.ranges["operation"].tolist() == ["high", "low"]


@ignore_range
def test_arrays_and_data_sets_agree(data, logistic):
    args = "H3K4me3", (-500, 500)
    for operation, value in (("scale", 0.5), ("swap", None), ("low", None)):
        options = {"value": value, "estimator": logistic, "random_state": 4}
        first = perturb(data, *args, operation, **options)
        second = perturb(data.X, *args, operation, **options)
        np.testing.assert_array_equal(first.data.X, second.data)
        assert second.data.dtype == data.X.dtype
        both = ["before", "after", "change", "flipped", "outside_alone", "outside_together"]
        pd.testing.assert_frame_equal(first.table[both], second.table[both])
        again = perturb(data, *args, operation, **options)
        pd.testing.assert_frame_equal(first.summary, again.summary)
    turned = data.select(marks=data.marks[::-1])
    other = perturb(turned, *args, "scale", value=0.5, estimator=logistic)
    first = perturb(data, *args, "scale", value=0.5, estimator=logistic)
    assert other.data.marks == turned.marks
    np.testing.assert_allclose(other.table["change"], first.table["change"])


@ignore_range
def test_genes_are_changed_without_regard_to_each_other(data, logistic):
    whole = perturb(data, "H3K27me3", None, "scale", value=2, estimator=logistic)
    part = perturb(
        data[[7, 3]], "H3K27me3", None, "scale", value=2, estimator=logistic, reference=data
    )
    columns = ["gene", "before", "after", "outside_alone"]
    expected = whole.table.loc[[7, 3], columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.table[columns], expected)


@ignore_range
def test_counts_that_outgrow_their_type_are_kept():
    X = np.full((4, 4, 3), 200, dtype=np.uint8)
    tripled = perturb(X, 0, None, "scale", value=4)
    assert tripled.data[:, :, 0].tolist() == np.full((4, 4), 800).tolist()
    assert X.max() == 200
    as_set = HistoneDataset(X, cell=["A"] * 4, gene=list("abcd"))
    assert perturb(as_set, 0, None, "scale", value=4).data.X.max() == 800
    assert perturb(X.astype(float), 0, None, "scale", value=0.1).data.dtype == float


def test_without_an_estimator_nothing_is_predicted(data):
    found = perturb(data, "H3K4me3", None, "low")
    assert found.name is found.target is None
    assert "change" not in found.table
    assert list(found.summary) == ["samples", "n", "outside"]
    assert found.data.gene.tolist() == data.gene.tolist()


@ignore_range
def test_regressors_and_networks_are_served(data):
    regressor = HistoneLinearRegressor(device="cpu").fit(data)
    found = perturb(data, "H3K4me3", estimator=regressor)
    assert (found.name, found.target) == ("prediction", None)
    np.testing.assert_allclose(found.table["after"], regressor.predict(found.data), rtol=1e-5)
    assert found.summary["change"][0] < 0
    assert "flipped" not in found.summary
    cnn = HistoneCNNClassifier(**SMALL_CNN, random_state=0).fit(data)
    assert perturb(data, "H3K4me3", estimator=cnn).summary["change"][0] < 0


def test_few_genes_have_no_range_of_their_own(data, logistic):
    with pytest.warns(HistoexprWarning, match="1 real genes are too few .* reference="):
        found = perturb(data[[5]], "H3K4me3", estimator=logistic)
    assert np.isnan(found.outside)
    assert np.isnan(found.summary["low"][0])
    assert found.table["outside_alone"].isna().all()
    with pytest.raises(ValueError, match="too few to give tracks"):
        perturb(data[[5]], "H3K4me3", None, "low")
    few = perturb(data[[5]], "H3K4me3", None, "low", reference=data, estimator=logistic)
    assert few.table["outside_alone"].tolist() == [False]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"mark": "mark9"}, "mark is 'mark9'; the marks of the signals are mark1, mark2, mark3"),
        ({"region": (0, 9000)}, r"region \(0, 9000\) must go upwards"),
        ({"region": (0, 150)}, "cuts through a bin"),
        ({"operation": "delete"}, "operation is 'delete'; it is one of"),
        ({"operation": "scale"}, "takes value=, a factor"),
        ({"value": 2}, "'remove' takes no value"),
        ({"target": 7}, "target 7 is not a class"),
        ({"estimator": "cnn"}, "'estimator'"),
        ({"confidence": 1.0}, "'confidence'"),
        ({"reference": np.ones((40, 6, 3))}, "reference has .n_bins, n_marks. = .6, 3."),
        ({"data": np.ones((40, 3))}, "data must have shape"),
    ],
)
def test_what_does_not_fit_is_named(params, message):
    X = np.random.default_rng(0).poisson(3, (40, 10, 3))
    given = {"data": X, "mark": 0, "estimator": Known()}
    with pytest.raises(ValueError, match=message):
        perturb(**given | params)
