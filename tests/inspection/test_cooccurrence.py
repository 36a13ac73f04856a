"""Presence of marks in windows around the TSS."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import HistoneDataset
from histoexpr.inspection import ClassMaps, mark_cooccurrence


def test_planted_pairs_are_found_there_and_nowhere_else(planted):
    found = mark_cooccurrence(planted, n_windows=5, bin_size=100, marks=["a", "b", "c"])
    pairs = found.pairs(across=True, confidence=0.9999)
    assert len(pairs) == 15 * 14 // 2
    certain = pairs[(pairs.low > 0) | (pairs.high < 0)]
    places = certain[["first_mark", "first_start", "second_mark", "second_start"]]
    assert places.to_numpy().tolist() == [["a", 500, "c", 500], ["c", -2500, "b", 500]]
    same = found.table
    assert len(same) == 5 * 3
    assert (same.first_start == same.second_start).all()
    assert sum(same.log2_odds > 3) == 1


def test_presence_by_threshold_and_window():
    rng = np.random.default_rng(2)
    reference = rng.poisson(3, size=(50, 40, 2))
    X = rng.poisson(4, size=(20, 40, 2))
    found = mark_cooccurrence(X, reference=reference, quantile=0.9, edges=[-2000, -500, 1000])
    parts = [reference[:, :15].mean(axis=1), reference[:, 15:30].mean(axis=1)]
    thresholds = np.quantile(np.concatenate(parts), 0.9, axis=0)
    np.testing.assert_allclose(found.thresholds, thresholds)
    np.testing.assert_allclose(found.present[1], (X[:, 15:30].mean(axis=1) >= thresholds).mean(0))
    moved = mark_cooccurrence(
        X, thresholds=thresholds, edges=[0, 3000, 6000], window=(0, 8000), bin_size=200
    )
    np.testing.assert_array_equal(moved.present, found.present)
    uneven = mark_cooccurrence(X, n_windows=3).edges
    np.testing.assert_array_equal(uneven, [-2000, -700, 700, 2000])


def test_data_sets_bring_marks_window_and_bin_size():
    rng = np.random.default_rng(3)
    X = rng.poisson([1, 4, 9], size=(30, 8, 3))

    def data(marks, **params):
        X_of = X[..., ["abc".index(mark) for mark in marks]]
        rows = np.arange(len(X))
        return HistoneDataset(X_of, cell=rows, gene=rows, marks=list(marks), **params)

    placed = {"window": (-200, 1400), "bin_size": 200}
    found = mark_cooccurrence(data("abc", **placed), reference=data("cab", **placed), n_windows=2)
    expected = mark_cooccurrence(X, n_windows=2, marks=list("abc"), **placed)
    assert found.marks == ["a", "b", "c"]
    assert found.edges.tolist() == [-200, 600, 1400]
    np.testing.assert_array_equal(found.thresholds, expected.thresholds)
    np.testing.assert_array_equal(found.together, expected.together)

    with pytest.raises(ValueError, match=r"window is .* but that of the data set"):
        mark_cooccurrence(data("abc", **placed), window=(0, 1600))
    with pytest.raises(ValueError, match=r"different parts.* bins of 100 bp and .* bins of 200"):
        mark_cooccurrence(data("abc", window=(-400, 400)), reference=data("abc", bin_size=200))
    with pytest.raises(ValueError, match="reference has the marks a, b, but signals"):
        mark_cooccurrence(data("abc"), reference=data("ab"))
    with pytest.raises(ValueError, match="marks are b, a, c, but those of the signals"):
        mark_cooccurrence(data("abc"), marks=["b", "a", "c"])
    assert mark_cooccurrence(data("abc"), n_windows=1, marks=list("ABC")).marks == list("ABC")


def test_sparse_marks_and_calls_of_0_and_1_can_be_present():
    X = np.zeros((10, 1, 2))
    X[:1, 0, 0] = X[:4, 0, 1] = 1  # quantiles 0 and 1
    found = mark_cooccurrence(X, quantile=0.75, n_windows=1)
    np.testing.assert_array_equal(found.thresholds, [0, 1])
    np.testing.assert_allclose(found.present, [[0.1, 0.4]])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"edges": [-450, 500]}, "cuts through a bin.*-400|-500 and 500"),
        ({"edges": [500, -500]}, "upwards"),
        ({"edges": [-500, 2600]}, r"cover \(-2500, 2500\)"),
        ({"edges": 5}, "two or more positions"),
        ({"n_windows": 51}, "from 1 to 50"),
        ({"quantile": 1.0}, "'quantile'"),
        ({"quantile": "0.5"}, "'quantile'"),
        ({"n_windows": 2.5}, "n_windows must be a positive integer"),
        ({"n_windows": True}, "n_windows must be a positive integer"),
        ({"thresholds": [1, 2]}, "3 numbers"),
        ({"thresholds": [1, np.nan, 1]}, "3 numbers, one per mark and none negative"),
        ({"thresholds": [1, -1, 1]}, "none negative"),
        ({"thresholds": ["a", "b", "c"]}, "3 numbers"),
        ({"bin_size": -100}, "bin_size must be a positive integer"),
        ({"reference": -np.ones((4, 50, 3))}, "Negative values.*reference"),
        ({"marks": ["a", "b"]}, "mark names"),
        ({"reference": np.ones((4, 50, 2))}, "reference has"),
        ({"window": (0, 100)}, "spans"),
    ],
)
def test_what_does_not_fit_is_named(params, message, planted):
    with pytest.raises(ValueError, match=message):
        mark_cooccurrence(planted, **params)


def test_signals_that_are_none_are_named(planted):
    with pytest.raises(ValueError, match="signals must have shape"):
        mark_cooccurrence(planted[0])
    with pytest.raises(ValueError, match="at least 2 samples"):
        mark_cooccurrence(planted[:0])
    with pytest.raises(ValueError, match=r"Negative values.*signals"):
        mark_cooccurrence(-planted)
    found = mark_cooccurrence(planted)
    with pytest.raises(ValueError, match="'confidence'"):
        found.interval(95)
    assert (found == mark_cooccurrence(planted)) is False  # not an array of truths


def test_names_come_with_the_signals():
    columns = [f"{mark}:{number}" for number in range(4) for mark in ("b", "a")]
    frame = pd.DataFrame(np.random.default_rng(0).poisson(3, (9, 8)), columns=columns)
    found = mark_cooccurrence(frame, n_windows=2)
    assert found.marks == ["b", "a"]
    assert mark_cooccurrence(frame, n_windows=2, marks=["x", "y"]).marks == ["x", "y"]
    np.testing.assert_array_equal(
        found.present, mark_cooccurrence(frame.to_numpy().reshape(9, 4, 2), n_windows=2).present
    )
    other = frame.rename(columns=lambda name: name.replace("b:", "c:"))
    with pytest.raises(ValueError, match="reference has the marks c, a, but signals has"):
        mark_cooccurrence(frame, reference=other)


def additive(n, seed, *, planted=False):
    """Five marks that depend on expression only, or two of which meet as well."""
    rng = np.random.default_rng(seed)
    expression = rng.standard_normal(n)
    X = expression[:, None] + rng.standard_normal((n, 5))
    if planted:
        X[:, :2] += 0.7 * rng.standard_normal((n, 1))
    X = np.exp(X)[:, None, :]
    names = {"cell": ["a"] * n, "gene": np.arange(n).astype(str), "marks": list("abcde")}
    return HistoneDataset(X, (expression > 0).astype(int), expression=expression, **names)


def test_marks_of_expressed_genes_are_independent_given_expression():
    missed, given, unadjusted = [], [], []
    for seed in range(12):
        table = mark_cooccurrence(additive(1500, seed), n_windows=1, n_strata=20).table
        missed += ((table.low > 0) | (table.high < 0)).tolist()
        given.append(table.log2_odds.mean())
        unadjusted.append(table.log2_odds_unadjusted.mean())
    assert np.mean(missed) < 0.1
    assert abs(np.mean(given)) < 0.1
    assert np.mean(unadjusted) > 1.5
    found = [mark_cooccurrence(additive(1500, s, planted=True), n_windows=1) for s in range(12)]
    assert all(one.table.low[0] > 0 for one in found)
    assert found[0].strata == "expression"
    assert "given expression, intervals over 1,500 samples" in repr(found[0])


def test_strata_of_log_odds_leave_the_pair_out():
    """Independent marks that expression depends on: their own log-odds make them exclusive."""
    rng = np.random.default_rng(0)
    X = np.exp(rng.standard_normal((3000, 1, 4)))
    from support.planted import Known

    class Sum(Known):
        def _log_odds(self, X):
            return np.log(np.asarray(X)).sum(axis=(1, 2))

    found = mark_cooccurrence(X, estimator=Sum(), n_windows=1)
    assert found.strata == "log-odds of the other marks"
    assert (found.table.n_strata == 10).all()
    assert np.abs(found.table.log2_odds).max() < 0.35
    own = mark_cooccurrence(X, strata=Sum()._log_odds(X), n_windows=1)
    assert own.table.log2_odds.max() < -0.7
    with pytest.raises(ValueError, match="With 2 marks no others are left"):
        mark_cooccurrence(X[:, :, :2], estimator=Sum(), n_windows=1)
    with pytest.raises(ValueError, match="Both strata and an estimator"):
        mark_cooccurrence(X, estimator=Sum(), strata=None, n_windows=1)


def test_generated_signals_have_intervals_over_generators_only():
    rng = np.random.default_rng(4)
    sets = [rng.poisson(2, (80, 4, 2)) for _ in range(4)]
    params = {"n_windows": 1, "thresholds": [2, 2]}
    alone = [mark_cooccurrence(X, generated=True, **params) for X in sets]
    assert np.isnan(alone[0].errors).all()
    found = mark_cooccurrence(sets, **params)
    odds = np.array([one.log2_odds[0, 0, 0, 1] for one in alone])
    assert found.log2_odds[0, 0, 0, 1] == pytest.approx(odds.mean())
    from scipy.stats import t

    half = t.ppf(0.975, 3) * odds.std(ddof=1) / 2
    assert found.interval()[1][0, 0, 0, 1] == pytest.approx(odds.mean() + half)
    assert "intervals over 4 generators" in repr(found)
    with pytest.raises(ValueError, match="a list of one set"):
        mark_cooccurrence(sets[:1])
    with pytest.raises(ValueError, match="Call mark_cooccurrence for each set"):
        mark_cooccurrence(sets, strata=np.zeros(80))


def test_class_maps_are_sent_to_their_null():
    maps = ClassMaps(np.ones((5, 4, 2)), np.ones(5), 1, "data")
    with pytest.raises(ValueError, match=r"maps_cooccurrence sets them beside a null"):
        mark_cooccurrence(maps)


@pytest.mark.slow
def test_known_biology_of_real_cells(shared_data):
    """Bivalent promoters in ES-derived cells, and H3K36me3 behind H3K4me3 but not with it."""
    found, edges = {}, [-5000, -2000, -500, 500, 2000, 5000]
    for cell in ("E012", "E028"):
        path = shared_data / "full" / f"{cell}.npz"
        if not path.is_file():
            pytest.skip(f"no {path.name}")
        with np.load(path, allow_pickle=False) as file:
            X = file["X"]  # bins of 50 bp
            X = X.reshape(len(X), 100, 2, -1).sum(axis=2)
            columns = {"gene": file["gene_id"], "expression": file["rpkm"]}
            columns |= {name: file[name] for name in ("chrom", "tss")}
            marks = file["marks"].tolist()
        data = HistoneDataset(X, cell=[cell] * len(X), marks=marks, oriented=True, **columns)
        low = data[data.expression <= np.median(data.expression)]
        for name, part in ((cell, data), (f"{cell} low", low)):
            one = mark_cooccurrence(part, reference=data, edges=edges)
            pairs = one.pairs(across=True).set_index(
                ["first_mark", "first_start", "second_mark", "second_start"]
            )
            found[name] = pairs.sort_index()

    def row(name, first, first_start, second, second_start):
        one = found[name]
        key = (first, first_start, second, second_start)
        key = key if key in one.index else (second, second_start, first, first_start)
        return one.loc[key]

    # bivalent: hidden by expression over all genes, there given expression, most in silent ones
    bivalent = "H3K27me3", -500, "H3K4me3", -500
    assert row("E012", *bivalent).low > 0.5
    assert abs(row("E012", *bivalent).log2_odds_unadjusted) < 0.5
    assert row("E012 low", *bivalent).low > 1
    assert row("E028 low", *bivalent).log2_odds < 0  # of a differentiated cell it is not so
    for cell in ("E012", "E028"):
        assert row(cell, "H3K36me3", -500, "H3K4me3", -500).high < -1.5
        assert row(cell, "H3K36me3", 2000, "H3K4me3", 2000).high < 0
        assert row(cell, "H3K36me3", 2000, "H3K4me3", -500).low > 0
