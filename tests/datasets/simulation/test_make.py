"""The built-in data set: its interface, and whether it behaves like real data."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from histoexpr import HistoneDataset, make_histone_cells
from histoexpr.datasets import ExpressionTable
from histoexpr.labels import relabel

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]
RPKM = [[0.0, 12.5, 3.0], [43.1, 40.2, 0.0], [3.1, 0.2, 9.9], [7.7, 1.1, 120.0]]

# What real cells look like (two cells of 400 genes, 100 bins of 100 bp), with some room
# for other cells: (low, high) of mean, zero fraction, variance / mean and lag-1
# autocorrelation of counts, for expressed and for silent genes.
TARGETS = {
    ("H3K27me3", 1): [(0.6, 3.2), (0.25, 0.55), (1.3, 15), (0.4, 0.97)],
    ("H3K27me3", 0): [(1.0, 6.5), (0.22, 0.48), (1.8, 60), (0.55, 0.99)],
    ("H3K36me3", 1): [(1.5, 3.0), (0.22, 0.42), (2.5, 7.0), (0.68, 0.9)],
    ("H3K36me3", 0): [(0.65, 1.7), (0.33, 0.6), (1.6, 4.5), (0.5, 0.82)],
    ("H3K4me1", 1): [(2.3, 5.5), (0.14, 0.32), (3.5, 9.0), (0.7, 0.9)],
    ("H3K4me1", 0): [(1.4, 2.8), (0.28, 0.48), (3.2, 7.5), (0.72, 0.9)],
    ("H3K4me3", 1): [(7.0, 20.0), (0.2, 0.36), (20, 100), (0.9, 0.98)],
    ("H3K4me3", 0): [(1.4, 7.0), (0.36, 0.58), (12, 80), (0.88, 0.98)],
    ("H3K9me3", 1): [(1.0, 2.1), (0.22, 0.42), (1.3, 2.2), (0.4, 0.68)],
    ("H3K9me3", 0): [(1.0, 2.4), (0.22, 0.42), (1.4, 5.0), (0.45, 0.82)],
}


def _statistics(counts):
    """Mean, zero fraction, variance / mean, lag-1 autocorrelation of (n_genes, n_bins)."""
    counts = counts.astype(float)
    deviation = counts - counts.mean()
    lagged = np.mean(deviation[:, 1:] * deviation[:, :-1]) / counts.var()
    return [counts.mean(), np.mean(counts == 0), counts.var() / counts.mean(), lagged]


def _by_mark_and_label(X, y):
    return {
        (mark, label): _statistics(X[y == label][:, :, number])
        for number, mark in enumerate(MARKS)
        for label in (1, 0)
    }


def _mark_correlations(X):
    """Correlations of log counts over bins, and of log gene means over genes."""
    upper = np.triu_indices(X.shape[2], 1)
    bins = np.corrcoef(np.log1p(X).reshape(-1, X.shape[2]).T)[upper]
    genes = np.corrcoef(np.log1p(X.mean(axis=1)).T)[upper]
    return bins, genes


def _pooled(X):
    return np.log1p(X.mean(axis=1))


def _regression_aurocs(cells):
    """AUROC of every cell's test genes with a model of every cell's training genes."""
    tests = [cell.select(split="test") for cell in cells]
    aurocs = []
    for cell in cells:
        train = cell.select(split="train")
        model = make_pipeline(StandardScaler(), LogisticRegression())
        model.fit(_pooled(train.X), train.y)
        scores = [model.decision_function(_pooled(test.X)) for test in tests]
        aurocs.append([roc_auc_score(t.y, s) for t, s in zip(tests, scores, strict=True)])
    return np.array(aurocs)


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(10, 2000, random_state=0)


@pytest.fixture(scope="module")
def cells(data):
    return [data.select(cells=cell) for cell in data.cells]


@pytest.fixture(scope="module")
def real(shared_data):
    parts = [np.load(shared_data / "counts" / f"{cell}.npz") for cell in ("E003", "E123")]
    return [(part["X"], part["y"]) for part in parts]


def _middle(cells):
    """Median over cells of each statistic; cells differ as much as real ones do."""
    every = [_by_mark_and_label(cell.X, cell.y) for cell in cells]
    return {key: np.median([one[key] for one in every], axis=0) for key in TARGETS}


# -- like real data ----------------------------------------------------------------------


@pytest.mark.parametrize(("mark", "label"), list(TARGETS))
def test_counts_have_the_moments_of_real_ones(cells, mark, label):
    found = _middle(cells)[mark, label]
    for value, (low, high) in zip(found, TARGETS[mark, label], strict=True):
        assert low <= value <= high


def test_targets_hold_for_real_counts_too(real):
    for X, y in real:
        for key, found in _by_mark_and_label(X, y).items():
            for value, (low, high) in zip(found, TARGETS[key], strict=True):
                assert low <= value <= high, key


def test_counts_lie_between_the_two_real_cells(cells, real):
    lowest, highest = (
        {key: f([_by_mark_and_label(X, y)[key] for X, y in real], axis=0) for key in TARGETS}
        for f in (np.min, np.max)
    )
    for key, (mean, zero, ratio, lagged) in _middle(cells).items():
        low, high = lowest[key], highest[key]
        assert low[0] / 1.3 < mean < high[0] * 1.3, key
        assert low[1] - 0.06 < zero < high[1] + 0.06, key
        assert low[2] / 1.4 < ratio < high[2] * 1.4, key
        assert low[3] - 0.06 < lagged < high[3] + 0.06, key


def test_counts_agree_with_published_toy_sets(cells, shared_data):
    stats = json.loads((shared_data / "signal_stats.json").read_text())
    sets = ["toyA_raw_counts", "toyB_raw_counts", "e003_demo100_reconstructed_counts"]
    for (mark, label), found in _middle(cells).items():
        name = "expressed" if label else "not_expressed"
        entries = [stats[one]["marks"][mark][name] for one in sets]
        zero = [entry["zero_fraction"] for entry in entries]
        lagged = [entry["pooled_autocorrelation"]["1"] for entry in entries]
        assert min(zero) - 0.1 < found[1] < max(zero) + 0.1, (mark, label)
        assert min(lagged) - 0.15 < found[3] < max(lagged) + 0.15, (mark, label)


def test_marks_correlate_as_in_real_cells(cells):
    bins, genes = np.median([_mark_correlations(cell.X) for cell in cells], axis=0)
    # pairs in the order 27-36, 27-4me1, 27-4me3, 27-9, 36-4me1, 36-4me3, 36-9,
    # 4me1-4me3, 4me1-9, 4me3-9; both real cells and the simulation lie in these ranges
    low = [-0.05, 0.05, 0.0, 0.08, 0.12, -0.05, 0.1, 0.2, 0.08, 0.0]
    high = [0.2, 0.45, 0.3, 0.28, 0.48, 0.33, 0.33, 0.52, 0.3, 0.26]
    assert np.all((low < bins) & (bins < high))
    low = [-0.3, -0.2, -0.33, 0.08, 0.3, 0.4, 0.15, 0.48, -0.1, -0.18]
    high = [0.25, 0.6, 0.25, 0.4, 0.72, 0.86, 0.5, 0.82, 0.45, 0.4]
    assert np.all((low < genes) & (genes < high))


def test_mark_correlations_are_near_the_two_real_cells(cells, real):
    simulated = np.median([_mark_correlations(cell.X) for cell in cells], axis=0)
    every = [_mark_correlations(X) for X, _ in real]
    for number, room in ((0, 0.15), (1, 0.3)):
        low = np.min([one[number] for one in every], axis=0)
        high = np.max([one[number] for one in every], axis=0)
        assert np.all((low - room < simulated[number]) & (simulated[number] < high + room))


def _profile(data, mark, label, strand=None):
    rows = data.y == label if strand is None else (data.y == label) & (data.strand == strand)
    return data.X[rows][:, :, MARKS.index(mark)].mean(axis=0)


def _smooth(profile):
    return np.convolve(profile, np.ones(5) / 5, mode="same")[2:-2]


def _check_shapes(profile, flank_dip):
    """Check what both real and simulated profiles, given by mark and label, look like."""
    peak = profile("H3K4me3", 1)
    assert 40 <= peak.argmax() < 60
    assert peak[40:60].mean() > 8 * peak[:20].mean()
    assert peak[49:51].mean() < 0.9 * max(peak[44:48].mean(), peak[52:56].mean())
    assert peak[40:60].mean() > 2 * profile("H3K4me3", 0)[40:60].mean()
    flank = profile("H3K4me1", 1)
    for side in (slice(32, 46), slice(54, 68)):
        assert flank[side].mean() > 1.2 * max(flank[:10].mean(), flank[90:].mean())
        assert flank[side].max() > flank_dip * flank[48:52].mean()
    body = profile("H3K36me3", 1)
    assert body[85:].mean() > 1.8 * body[45:55].mean()
    silent = profile("H3K36me3", 0)
    assert body[80:].mean() > 1.8 * silent[80:].mean()
    domain = profile("H3K27me3", 0)
    assert domain.mean() > 1.4 * profile("H3K27me3", 1).mean()
    assert domain[35:65].mean() > 1.05 * np.r_[domain[:15], domain[85:]].mean()
    # broad: half of its height over the edges is still there 1.5 kb away
    assert np.r_[domain[33:37], domain[63:67]].mean() > 0.6 * domain[40:60].mean()


def test_profiles_have_the_shapes_of_the_marks(data):
    _check_shapes(lambda mark, label: _profile(data, mark, label), 1.5)
    # weakly: H3K9me3
    ratio = _profile(data, "H3K9me3", 0).mean() / _profile(data, "H3K9me3", 1).mean()
    assert 1.0 < ratio < 1.5


def test_real_profiles_have_these_shapes(real):
    X, y = (np.concatenate(parts) for parts in zip(*real, strict=True))
    _check_shapes(lambda mark, label: X[y == label][:, :, MARKS.index(mark)].mean(axis=0), 1.5)


def test_profiles_correlate_with_real_ones(data, real):
    X, y = (np.concatenate(parts) for parts in zip(*real, strict=True))
    for mark, least in (("H3K4me3", 0.97), ("H3K4me1", 0.85), ("H3K36me3", 0.8)):
        found = _smooth(X[y == 1][:, :, MARKS.index(mark)].mean(axis=0))
        assert np.corrcoef(_smooth(_profile(data, mark, 1)), found)[0, 1] > least, mark


def test_gene_body_lies_downstream_on_either_strand(data):
    for strand, body, upstream in (
        ("+", slice(70, 100), slice(30)),
        ("-", slice(30), slice(70, 100)),
    ):
        profile = _profile(data, "H3K36me3", 1, strand)
        assert profile[body].mean() > 1.4 * profile[upstream].mean()


def test_some_silent_genes_have_active_looking_promoters(cells):
    for cell in cells:
        centre = cell.X[:, 40:60, 3].mean(axis=1)
        peaked = centre > 5 * max(np.percentile(centre, 15), 0.5)
        assert 0.2 < peaked[cell.y == 0].mean() < 0.6
        assert 0.85 < peaked[cell.y == 1].mean() < 0.99


def test_regression_reaches_the_auroc_of_real_data(cells):
    aurocs = _regression_aurocs(cells)
    assert 0.84 < aurocs.min() < aurocs.max() < 0.96


def test_real_cells_reach_that_auroc(real):
    for X, y in real:
        half = np.arange(len(y)) % 2 == 0
        aurocs = []
        for rows in (half, ~half):
            model = make_pipeline(StandardScaler(), LogisticRegression())
            model.fit(_pooled(X[rows]), y[rows])
            aurocs.append(roc_auc_score(y[~rows], model.decision_function(_pooled(X[~rows]))))
        assert 0.84 < np.mean(aurocs) < 0.96


def test_expression_is_shared_between_cells_as_in_real_ones():
    data = make_histone_cells(16, 2000, n_bins=1, random_state=0)
    rpkm, labels = data.expression.reshape(16, 2000), data.y.reshape(16, 2000)
    pairs = np.triu_indices(16, 1)
    for logged in (np.log(rpkm + 0.1), np.log2(rpkm + 1)):
        pearson = np.corrcoef(logged)[pairs]
        assert 0.6 < pearson.min() < 0.8 < pearson.max() < 0.96
    shared = np.array([np.mean(labels[i] == labels[j]) for i, j in zip(*pairs, strict=True)])
    assert 0.85 < shared.mean() < 0.9
    assert 0.78 < shared.min() < shared.max() < 0.95
    consensus = [roc_auc_score(labels[c], np.delete(labels, c, 0).mean(axis=0)) for c in range(16)]
    assert 0.92 < min(consensus) < max(consensus) < 0.99


def test_simulated_expression_is_distributed_like_real(data, shared_data):
    real = np.load(shared_data / "roadmap_expression.npz")["rpkm"].astype(float)
    levels = [20, 30, 40, 50, 60, 70, 80, 90, 95, 99]
    expected = np.quantile(real, np.array(levels) / 100, axis=0)
    found = np.percentile(data.expression, levels)
    assert np.all((expected.min(axis=1) <= found) & (found <= expected.max(axis=1)))
    zeros = np.mean(real == 0, axis=0)
    assert zeros.min() < np.mean(data.expression == 0) < zeros.max()


def test_cells_differ_in_depth(cells):
    # background of H3K9me3, which differs least by biology
    depth = [np.median(cell.X[:, :, 4].mean(axis=1)) for cell in cells]
    assert max(depth) > 1.2 * min(depth)


def test_gene_looks_alike_in_all_cells_beyond_its_expression():
    data = make_histone_cells(expression=np.full((1500, 2), 10.0), depth=1, random_state=0)
    X = data.X.reshape(2, 1500, 100, 5)
    for mark, low, high in ((0, 0.2, 0.9), (1, 0.3, 0.9), (2, 0.2, 0.9), (3, 0.3, 0.95)):
        one, other = np.log1p(X[:, :, :, mark].mean(axis=2))
        assert low < np.corrcoef(one, other)[0, 1] < high


# -- interface ---------------------------------------------------------------------------


def test_returns_a_complete_data_set(data):
    assert isinstance(data, HistoneDataset)
    assert data.X.shape == (10 * 2000, 100, 5)
    assert data.X.dtype == np.uint16
    assert data.marks == MARKS
    assert data.window == (-5000, 5000)
    assert list(data.cells) == [f"C{number:02d}" for number in range(1, 11)]
    assert data.gene[0] == "G00001"
    assert set(data.strand) == {"+", "-"}
    assert set(data.chrom) >= {"chr1", "chr19", "chrX"}
    assert data.tss.min() > 5000
    np.testing.assert_array_equal(data.gene[:2000], data.gene[-2000:])


def test_labels_are_above_the_median_of_the_cell(cells):
    for cell in cells:
        np.testing.assert_array_equal(cell.y, cell.expression > np.median(cell.expression))
    unlabelled = make_histone_cells(1, 4, label=None, random_state=0)
    assert unlabelled.y is None


def test_gene_columns_are_the_same_in_all_cells(data):
    for name in ("chrom", "tss", "strand", "split"):
        values = getattr(data, name).reshape(10, 2000)
        assert np.all(values == values[0]), name
    _, counts = np.unique(data.split[:2000], return_counts=True)
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


def test_expression_and_genes_do_not_depend_on_the_window():
    one = make_histone_cells(3, 200, random_state=1)
    other = make_histone_cells(3, 200, n_bins=20, bin_size=50, depth=2, random_state=1)
    np.testing.assert_array_equal(one.expression, other.expression)
    np.testing.assert_array_equal(one.strand, other.strand)
    assert other.window == (-500, 500)


@pytest.mark.parametrize("n_bins", [1, 2, 33, 200])
def test_any_number_of_bins(n_bins):
    data = make_histone_cells(2, 30, n_bins=n_bins, random_state=0)
    assert data.X.shape == (60, n_bins, 5)


@pytest.mark.parametrize("bin_size", [10, 400])
def test_counts_scale_with_bin_size(bin_size):
    means = [
        make_histone_cells(
            1, 3000, n_bins=2000 // size, bin_size=size, depth=1, random_state=0
        ).X.mean()
        for size in (100, bin_size)
    ]
    # a read of 36 bp overlaps 1 + 35 / size bins on average
    assert means[1] / means[0] == pytest.approx((bin_size + 35) / 135, rel=0.06)


def test_depth_scales_the_counts_of_its_library():
    depth = np.ones((2, 5))
    depth[1, 3] = 10
    once, deep = (
        make_histone_cells(2, 1500, depth=value, random_state=0).X.reshape(2, 1500, 100, 5)
        for value in (1, depth)
    )
    ratio = deep.mean(axis=(1, 2)) / once.mean(axis=(1, 2))
    assert ratio[1, 3] == pytest.approx(10, rel=0.15)
    assert np.delete(ratio.ravel(), 8) == pytest.approx(1, rel=0.15)
    assert make_histone_cells(2, 5, depth=[1, 3], random_state=0).n_samples == 10


def test_dtype_grows_with_depth():
    data = make_histone_cells(2, 100, depth=1000, random_state=0)
    assert data.X.dtype == np.uint32
    assert 60_000 < data.X.max() < 2_000_000
    assert make_histone_cells(2, 100, depth=0.2, random_state=0).X.dtype == np.uint8


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


def test_given_strand_turns_the_gene():
    expression = np.full((2000, 1), 30.0)
    for strand, downstream in (("+", slice(70, 100)), ("-", slice(0, 30))):
        data = make_histone_cells(expression=expression, strand=[strand] * 2000, random_state=0)
        body = data.X[:, :, 1].mean(axis=0)
        assert body[downstream].mean() > 1.4 * body[45:55].mean()
        assert body[downstream].mean() > 1.2 * body[::-1][downstream].mean()


def test_signals_follow_given_expression():
    rng = np.random.default_rng(0)
    expression = np.where(rng.random((1000, 2)) < 0.5, 0.0, 50.0)
    data = make_histone_cells(expression=expression, depth=1, random_state=0)
    peak = data.X[:, 40:60, 3].mean(axis=1)
    for cell in data.cells:
        rows = data.cell == cell
        assert roc_auc_score(data.expression[rows] > 1, peak[rows]) > 0.8


def _with(row, column, value):
    values = np.array(RPKM)
    values[row, column] = value
    return values


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n_cells": 0}, "'n_cells' parameter .* must be an int in the range"),
        ({"n_cells": 2.0}, "'n_cells' parameter .* must be an int"),
        ({"n_genes": 1}, r"'n_genes' parameter .* in the range \[2, inf\)"),
        ({"n_bins": 0}, "'n_bins' parameter .* must be an int"),
        ({"bin_size": -100}, "'bin_size' parameter .* must be an int"),
        ({"label": "mean"}, "label must be 'median' or None, got 'mean'"),
        ({"random_state": "seed"}, "'random_state' parameter"),
        ({"expression": _with(2, 1, -3)}, "gene G00003 in cell C02 is -3.0"),
        ({"expression": _with(1, 2, np.nan)}, "gene G00002 in cell C03 is nan"),
        ({"expression": _with(0, 0, np.inf)}, "gene G00001 in cell C01 is inf"),
        (
            {"expression": pd.DataFrame(_with(0, 1, np.nan), list("abcd"), list("xyz"))},
            "gene a in cell y is nan",
        ),
        ({"expression": [1.0, 2.0]}, r"shape \(2,\); expected \(n_genes, n_cells\)"),
        ({"expression": [[1.0], [2.0, 3.0]]}, "must be a table of numbers"),
        ({"expression": [["a"], ["b"]]}, "must be a table of numbers"),
        ({"expression": np.ones((4, 2)) * 1j}, "must be a table of numbers"),
        ({"expression": [[1.0, 2.0]]}, "expression has 1 gene; .* at least 2"),
        ({"expression": np.empty((3, 0))}, r"shape \(3, 0\)"),
        ({"expression": RPKM, "cell_names": ["a", "b"]}, "cell_names has 2 names for 3 cells"),
        ({"n_genes": 3, "gene_names": ["a", "b", "a"]}, "genes holds 'a' more than once"),
        (
            {"n_cells": 2, "cell_names": "ab"},
            "'cell_names' .* must be an array-like.*'ab'",
        ),
        ({"n_genes": 2, "gene_names": 5}, "'gene_names' parameter .* must be an array-like.*5"),
        (
            {"expression": pd.DataFrame(RPKM), "gene_names": list("abcd")},
            "expression has names of its own",
        ),
        (
            {"expression": ExpressionTable(RPKM, list("abcd"), list("xyz"), unit="log2")},
            "expression is in log2; give untransformed",
        ),
        ({"depth": 0}, "depth must be above 0"),
        ({"depth": np.nan}, "depth must be above 0"),
        ({"depth": 1e6}, "at most 1000"),
        ({"depth": ["deep"] * 5}, "depth must be a number"),
        ({"depth": [1, 2]}, r"depth has shape \(2,\); expected a number, \(5,\) or \(5, 5\)"),
        ({"depth": "deep"}, "'depth' parameter .* must be an array-like"),
        ({"n_genes": 2, "strand": ["+", "."]}, "strand of gene number 2 is '.'"),
        ({"n_genes": 2, "split": ["train"]}, r"split has shape \(1,\)"),
        ({"n_genes": 2, "chrom": ["chr1", "chr2"]}, "chrom and tss belong together"),
    ],
)
def test_bad_parameters_are_named(parameters, message):
    with pytest.raises(ValueError, match=message):
        make_histone_cells(**parameters)


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
    aurocs = _regression_aurocs([data.select(cells=cell) for cell in data.cells])
    assert 0.84 < aurocs.min() < aurocs.max() < 0.96


@pytest.mark.slow
def test_all_real_expression_gets_signals(shared_data):
    real = np.load(shared_data / "roadmap_expression.npz")
    data = make_histone_cells(expression=real["rpkm"], random_state=0)
    assert data.X.shape == (56 * 19802, 100, 5)
    assert data.X.dtype == np.uint16
