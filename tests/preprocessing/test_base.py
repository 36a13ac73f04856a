"""Transformers of signals: hand-computed values, dtypes, names, pipelines, errors."""

import tracemalloc

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator

from histoexpr import BinPooler, Flattener, MarkSelector, SignalScaler, WindowSelector
from histoexpr.exceptions import HistoexprWarning
from histoexpr.preprocessing import cell_depth, normalize_depth
from histoexpr.utils import signal_moments

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]
rng = np.random.default_rng(0)
COUNTS = rng.negative_binomial(1, [0.5, 0.2, 0.3, 0.05, 0.6], size=(40, 20, 5)).astype(np.uint16)
DTYPES = ["uint8", "uint16", "int64", "float32", "float64"]

TRANSFORMERS = [
    SignalScaler(),
    SignalScaler(log1p=False, standardize="bin"),
    SignalScaler(standardize=None),
    BinPooler(),
    BinPooler("median"),
    BinPooler("max"),
    MarkSelector(),
    WindowSelector(),
    Flattener(),
]


@pytest.mark.parametrize("transformer", TRANSFORMERS, ids=repr)
def test_check_estimator(transformer):
    results = check_estimator(transformer, on_skip=None)
    assert len(results) > 40
    assert {r["status"] for r in results if "array_api" not in r["check_name"]} == {"passed"}


@pytest.mark.parametrize("transformer", TRANSFORMERS, ids=repr)
@pytest.mark.parametrize(
    "check",
    [
        "check_param_validation",
        "check_transformer_get_feature_names_out",
        "check_transformer_get_feature_names_out_pandas",
        "check_set_output_transform",
        "check_set_output_transform_pandas",
        "check_global_output_transform_pandas",
        "check_dataframe_column_names_consistency",
    ],
)
@pytest.mark.filterwarnings("ignore:X (does not have valid|has) feature names")
def test_further_checks_of_scikit_learn(transformer, check):
    pytest.importorskip("pandas")
    getattr(estimator_checks, check)(type(transformer).__name__, clone(transformer))


def three_d_instances():
    return [
        *TRANSFORMERS,
        MarkSelector([3, 0]),
        WindowSelector((-500, 300)),
    ]


@pytest.mark.parametrize("transformer", three_d_instances(), ids=repr)
def test_a_sample_does_not_depend_on_its_batch_mates(transformer):
    X = np.repeat(COUNTS, 60, axis=0)  # more than one internal batch
    Z = transformer.fit(COUNTS).transform(X)
    order = rng.permutation(len(X))
    assert np.array_equal(transformer.transform(X[order]), Z[order])
    for rows in (slice(5, 6), slice(3, 11), slice(1020, 1030)):
        np.testing.assert_allclose(transformer.transform(X[rows]), Z[rows], rtol=1e-6)


@pytest.mark.parametrize("transformer", three_d_instances(), ids=repr)
def test_input_is_left_alone_and_memory_maps_work(transformer, tmp_path):
    np.save(tmp_path / "X.npy", COUNTS)
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    Z = clone(transformer).fit(X).transform(X)
    before = COUNTS.astype(np.float64)
    assert np.array_equal(clone(transformer).fit(COUNTS).transform(COUNTS), Z)
    floats = before.copy()
    clone(transformer).fit(floats).transform(floats)
    assert np.array_equal(floats, before)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("transformer", three_d_instances(), ids=repr)
def test_dtype(transformer, dtype):
    X = np.minimum(COUNTS, 255).astype(dtype)
    Z = clone(transformer).fit_transform(X)
    selects = isinstance(transformer, MarkSelector | WindowSelector | Flattener)
    expected = dtype if selects or dtype.startswith("float") else "float32"
    assert Z.dtype == expected


@pytest.mark.parametrize("transformer", three_d_instances(), ids=repr)
def test_unfitted_and_other_shapes_are_refused(transformer):
    transformer = clone(transformer)
    with pytest.raises(ValueError, match="not fitted yet"):
        transformer.transform(COUNTS)
    transformer.fit(COUNTS)
    with pytest.raises(ValueError, match=r"\(19, 5\), but .* was fitted with \(20, 5\)"):
        transformer.transform(COUNTS[:, 1:])


# -- SignalScaler ----------------------------------------------------------------------


def test_scaler_by_hand():
    X = np.array([[[0, 1], [3, 1]], [[0, 1], [7, 1]]])  # log2(1 + x): 0 2 0 3 and constant
    scaler = SignalScaler().fit(X)
    logs = np.log(2) * np.array([0, 2, 0, 3])
    assert scaler.mean_ == pytest.approx([np.log(2) * 1.25, np.log(2)])
    assert scaler.scale_ == pytest.approx([logs.std(), 1])
    Z = scaler.transform(X)
    np.testing.assert_allclose(Z[..., 0].ravel(), (logs - logs.mean()) / logs.std(), rtol=1e-6)
    np.testing.assert_allclose(Z[..., 1], 0, atol=1e-7)


def test_scaler_per_bin_by_hand():
    X = np.array([[[1.0], [10.0]], [[3.0], [30.0]]])
    scaler = SignalScaler(log1p=False, standardize="bin").fit(X)
    assert scaler.mean_.tolist() == [[2], [20]]
    assert scaler.scale_.tolist() == [[1], [10]]
    assert scaler.transform(X).ravel().tolist() == [-1, -1, 1, 1]


def test_signed_logarithm():
    X = np.array([[[-np.expm1(2.0)], [np.expm1(1.0)], [0.0]]])
    Z = SignalScaler(standardize=None).fit_transform(X)
    np.testing.assert_allclose(Z.ravel(), [-2, 1, 0])


@pytest.mark.parametrize("standardize", ["mark", "bin", None])
@pytest.mark.parametrize("log1p", [True, False])
def test_inverse_transform(standardize, log1p):
    X = COUNTS - 4.0
    scaler = SignalScaler(log1p=log1p, standardize=standardize).fit(X)
    np.testing.assert_allclose(scaler.inverse_transform(scaler.transform(X)), X, atol=1e-12)
    back = scaler.inverse_transform(scaler.transform(COUNTS))
    assert back.dtype == np.float32
    assert np.array_equal(np.round(back), COUNTS)


@pytest.mark.parametrize("standardize", ["mark", "bin"])
def test_scaler_agrees_with_StandardScaler(standardize):
    logs = np.log1p(COUNTS.astype(float))
    shape = (-1, 5) if standardize == "mark" else (40, 100)
    expected = StandardScaler().fit_transform(logs.reshape(shape)).reshape(COUNTS.shape)
    Z = SignalScaler(standardize=standardize).fit_transform(COUNTS.astype(float))
    np.testing.assert_allclose(Z, expected, atol=1e-12)


@pytest.mark.parametrize("standardize", ["mark", "bin"])
def test_constant_signals_get_scale_1(standardize):
    X = np.empty((3000, 30, 3))
    X[:] = [0.1, 1e8 + 0.3, 0]
    for dtype in (np.float64, np.float32):
        for log1p in (False, True):
            scaler = SignalScaler(standardize=standardize, log1p=log1p).fit(X.astype(dtype))
            assert np.all(scaler.scale_ == 1)


def test_small_spread_on_a_large_offset():
    X = 1e6 + rng.normal(size=(2000, 10, 1))
    scaler = SignalScaler(log1p=False).fit(X)
    assert scaler.scale_[0] == pytest.approx(X.std(), rel=1e-9)


@pytest.mark.parametrize("per", ["mark", "bin"])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("some", [True, False])
def test_moments(per, weighted, some):
    X = rng.normal(5, 2, size=(1100, 3, 2))
    X[:, :, 1] = 0.1
    weight = rng.random(1100)
    weight[:600] = 0
    rows = rng.permutation(1100)[:900] if some else np.arange(1100)
    mean, scale = signal_moments(
        X, per=per, rows=rows if some else None, sample_weight=weight if weighted else None
    )
    values, weight = X[rows], (weight if weighted else np.ones(1100))[rows]
    if per == "mark":
        values, weight = values.reshape(-1, 2), np.repeat(weight, 3)
    expected = np.average(values, axis=0, weights=weight)
    spread = np.sqrt(np.average((values - expected) ** 2, axis=0, weights=weight))
    np.testing.assert_allclose(mean, expected, rtol=1e-12)
    np.testing.assert_allclose(scale[..., 0], spread[..., 0], rtol=1e-12)
    assert np.all(scale[..., 1] == 1)


def test_fit_never_copies_a_memory_map_as_a_whole(tmp_path):
    np.save(tmp_path / "X.npy", np.ones((8000, 100, 5), dtype=np.uint16))
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    SignalScaler().fit(X[:10])
    tracemalloc.start()
    SignalScaler().fit(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < X.nbytes  # 8 MB; as float32 it would be 16 MB


# -- BinPooler -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [("mean", [2, 5]), ("sum", [8, 20]), ("max", [5, 9]), ("min", [0, 1]), ("median", [1.5, 5])],
)
def test_pooling_by_hand(pooling, expected):
    X = np.array([[[5, 1], [0, 9], [2, 5], [1, 5]]])
    assert BinPooler(pooling).fit_transform(X).tolist() == [expected]
    assert BinPooler(pooling).fit_transform(X[:, :, 1]).tolist() == [[expected[1]]]


def test_sums_do_not_overflow():
    X = np.full((2, 100, 1), 65535, dtype=np.uint16)
    assert BinPooler("sum").fit_transform(X).tolist() == [[6553500], [6553500]]
    assert BinPooler("mean").fit_transform(X).tolist() == [[65535], [65535]]


def test_names_of_pooled_marks():
    assert BinPooler().fit(COUNTS).get_feature_names_out().tolist() == [
        f"mark{number}" for number in range(1, 6)
    ]
    assert BinPooler(mark_names=MARKS).fit(COUNTS).get_feature_names_out().tolist() == MARKS
    with pytest.raises(ValueError, match=r"2 mark names .* for 5 marks"):
        BinPooler(mark_names=["a", "b"]).fit(COUNTS)
    with pytest.raises(ValueError, match="not distinct"):
        BinPooler(mark_names=["a"] * 5).fit(COUNTS)


def test_classical_pipeline_in_a_grid_search(shared_data):
    data = np.load(shared_data / "counts" / "E003.npz")
    model = make_pipeline(BinPooler(), StandardScaler(), LogisticRegression())
    search = GridSearchCV(
        model, {"binpooler__pooling": ["mean", "max"]}, scoring="roc_auc", error_score="raise"
    )
    search.fit(data["X"], data["y"])
    assert search.best_score_ > 0.8


# -- selectors and Flattener -----------------------------------------------------------


def test_mark_selector():
    selector = MarkSelector(["H3K4me3", "H3K27me3"], mark_names=MARKS)
    assert np.array_equal(selector.fit_transform(COUNTS), COUNTS[:, :, [3, 0]])
    assert selector.mark_indices_.tolist() == [3, 0]
    assert selector.get_feature_names_out()[:3].tolist() == [
        "H3K4me3:1",
        "H3K27me3:1",
        "H3K4me3:2",
    ]
    assert np.array_equal(MarkSelector([1, 2]).fit_transform(COUNTS), COUNTS[:, :, 1:3])
    assert MarkSelector("mark2").fit_transform(COUNTS).shape == (40, 20, 1)
    assert MarkSelector(np.array([4])).fit(COUNTS).mark_indices_.tolist() == [4]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"marks": "H3K9ac", "mark_names": MARKS}, "No mark 'H3K9ac'; there are H3K27me3, "),
        ({"marks": "H3K4me3"}, "X has no mark names: give them as mark_names"),
        ({"marks": [5]}, "No mark with index 5; X has 5 marks"),
        ({"marks": [-1]}, "No mark with index -1"),
        ({"marks": [1.0]}, "No mark 1.0"),
        ({"marks": [True]}, "No mark True"),
        ({"marks": [[0, 1]]}, r"No mark \[0, 1\]"),
        ({"marks": []}, "marks is empty"),
        ({"marks": [0, "mark1"]}, "marks names a mark twice: 0, mark1"),
    ],
)
def test_mark_selector_refuses(params, message):
    with pytest.raises(ValueError, match=message):
        MarkSelector(**params).fit(COUNTS)


def test_window_selector():
    # 20 bins of 100 bp from -1000 to 1000
    assert np.array_equal(WindowSelector((-500, 300)).fit_transform(COUNTS), COUNTS[:, 5:13])
    assert np.array_equal(WindowSelector([-1000, 1000]).fit_transform(COUNTS), COUNTS)
    shifted = WindowSelector((0, 200), data_window=(-200, 1800)).fit(COUNTS)
    assert np.array_equal(shifted.transform(COUNTS), COUNTS[:, 2:4])
    coarse = WindowSelector((-400, 0), bin_size=200).fit(COUNTS)
    assert np.array_equal(coarse.transform(COUNTS), COUNTS[:, 8:10])
    assert coarse.window_ == (-400, 0)
    assert coarse.get_feature_names_out()[[0, 5]].tolist() == ["mark1:9", "mark1:10"]
    flat = WindowSelector((-100, 100)).fit(COUNTS[:, :, 0])
    assert np.array_equal(flat.transform(COUNTS[:, :, 0]), COUNTS[:, 9:11, 0])
    assert flat.get_feature_names_out().tolist() == ["x9", "x10"]
    odd = WindowSelector((-200, -100)).fit(COUNTS[:, :5])  # -200 to 300, as HistoneDataset
    assert np.array_equal(odd.transform(COUNTS[:, :5]), COUNTS[:, :1])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"window": (-1100, 0)}, r"lie within the signals, which cover \(-1000, 1000\) bp"),
        ({"window": (0, 1100)}, "lie within the signals.* pass their window"),
        ({"window": (500, 500)}, "must go upwards"),
        ({"window": (500, -500)}, "must go upwards"),
        ({"window": (-250, 300)}, r"cuts through a bin; .* of 100 bp are -200 and 300"),
        ({"window": (0, 100, 200)}, "window must be two positions in bp"),
        ({"window": (0.0, 100.0)}, "window must be two positions in bp"),
        ({"window": (0, 100), "data_window": (0, 100)}, "spans 100 bp, but 20 bins"),
        ({"data_window": ("a", "b")}, "data_window must be two positions"),
    ],
)
def test_window_selector_refuses(params, message):
    with pytest.raises(ValueError, match=message):
        WindowSelector(**params).fit(COUNTS)


def test_flattener():
    flattener = Flattener(mark_names=MARKS).fit(COUNTS)
    Z = flattener.transform(COUNTS)
    names = flattener.get_feature_names_out().tolist()
    assert Z.shape == (40, 100)
    for mark, number in (("H3K4me1", 1), ("H3K9me3", 20), ("H3K27me3", 7)):
        column = names.index(f"{mark}:{number}")
        assert np.array_equal(Z[:, column], COUNTS[:, number - 1, MARKS.index(mark)])
    assert Flattener(mark_names=["H3K4me3"]).fit(
        COUNTS[:, :2, 0]
    ).get_feature_names_out().tolist() == ["H3K4me3:1", "H3K4me3:2"]


# -- frames in, frames out -------------------------------------------------------------


def frame(marks=MARKS):
    flattener = Flattener(mark_names=marks).set_output(transform="pandas")
    table = flattener.fit_transform(COUNTS)
    table.index = [f"gene{number}" for number in range(40)]
    return table


def test_flattener_makes_frames():
    pytest.importorskip("pandas")
    table = frame()
    assert table.columns[:2].tolist() == ["H3K27me3:1", "H3K36me3:1"]
    assert table.dtypes.unique() == [np.uint16]
    assert np.array_equal(table["H3K4me3:20"], COUNTS[:, 19, 3])


@pytest.mark.parametrize("transformer", three_d_instances(), ids=repr)
def test_frames_give_what_arrays_give(transformer):
    pytest.importorskip("pandas")
    expected = clone(transformer).fit_transform(COUNTS)
    assert np.array_equal(clone(transformer).fit_transform(frame()), expected)
    table = clone(transformer).set_output(transform="pandas").fit_transform(frame())
    assert np.array_equal(table.to_numpy(), expected.reshape(40, -1))
    assert table.index[3] == "gene3"
    assert table.columns[0].startswith(("H3K27me3", "H3K4me3"))


def test_names_come_through_a_pipeline():
    pytest.importorskip("pandas")
    steps = MarkSelector(["H3K4me3", "H3K4me1"], mark_names=MARKS), SignalScaler(), BinPooler()
    model = make_pipeline(*steps).fit(COUNTS)
    assert model.get_feature_names_out().tolist() == ["H3K4me3", "H3K4me1"]
    expected = model.transform(COUNTS)
    table = make_pipeline(*steps).set_output(transform="pandas").fit_transform(COUNTS)
    assert table.columns.tolist() == ["H3K4me3", "H3K4me1"]
    np.testing.assert_allclose(table, expected)


def test_names_given_late_in_a_pipeline():
    pytest.importorskip("pandas")
    model = make_pipeline(SignalScaler(), BinPooler(mark_names=MARKS))
    assert model.set_output(transform="pandas").fit_transform(COUNTS).columns.tolist() == MARKS
    assert model.fit(COUNTS).get_feature_names_out().tolist() == MARKS


def test_two_opinions_on_names_are_refused():
    pytest.importorskip("pandas")
    for names in (MARKS[::-1], ["a", "b", "c", "d", "e"]):
        with pytest.raises(ValueError, match="but the columns of X are of H3K27me3, H3K36me3"):
            BinPooler(mark_names=names).fit(frame())
    assert BinPooler(mark_names=MARKS).fit(frame()).get_feature_names_out().tolist() == MARKS


def test_names_that_do_not_fit_are_refused():
    scaler = SignalScaler().fit(COUNTS)
    with pytest.raises(ValueError, match=r"length equal to number of features \(100\), got 3"):
        scaler.get_feature_names_out(["a:1", "a:2", "a:3"])
    pytest.importorskip("pandas")
    with pytest.raises(ValueError, match="input_features is not equal to feature_names_in_"):
        scaler.fit(frame()).get_feature_names_out([f"x{number}" for number in range(100)])


# -- depth -----------------------------------------------------------------------------

CELL = np.repeat(["E003", "E123"], 20)


def test_depth_by_hand():
    X = np.array([[[1, 2], [1, 0]], [[3, 0], [1, 0]], [[10, 4], [0, 4]]], dtype=np.uint8)
    cells, depth = cell_depth(X, ["b", "b", "a"])
    assert cells.tolist() == ["a", "b"]
    assert depth.tolist() == [[10, 8], [3, 1]]
    Z = normalize_depth(X, ["b", "b", "a"])
    assert Z.dtype == np.float32
    np.testing.assert_allclose(Z[2], X[2] * [6.5 / 10, 4.5 / 8], rtol=1e-6)
    np.testing.assert_allclose(Z[0], X[0] * [6.5 / 3, 4.5], rtol=1e-6)


@pytest.mark.parametrize("method", ["total", "median"])
def test_depth_is_equal_afterwards(method):
    X = COUNTS.astype(float)
    X[CELL == "E123"] *= [3, 0.1, 1, 2, 7]
    Z = normalize_depth(X, CELL, method=method)
    depth = cell_depth(Z, CELL, method=method)[1]
    np.testing.assert_allclose(depth[0], depth[1])
    reference = [100, 1, 2, 3, 4]
    Z = normalize_depth(X, CELL, method=method, reference=reference)
    np.testing.assert_allclose(cell_depth(Z, CELL, method=method)[1], [reference] * 2)


def test_a_new_cell_takes_the_old_reference():
    reference = cell_depth(COUNTS, CELL)[1].mean(axis=0)
    both = normalize_depth(COUNTS, CELL)
    alone = normalize_depth(COUNTS[20:], CELL[20:], reference=reference)
    assert np.array_equal(alone, both[20:])


def test_silent_marks():
    X = COUNTS.copy()
    X[20:, :, 4] = 0
    with pytest.warns(HistoexprWarning, match=r"No signal at all of mark 4 in E123 "):
        Z = normalize_depth(X, CELL)
    assert not Z[20:, :, 4].any()
    np.testing.assert_allclose(Z[:20, :, 4], X[:20, :, 4], rtol=1e-6)
    X[20:23, 0, 4] = 1
    with pytest.raises(ValueError, match=r"of cell E123 have no count of mark 4 .*'total'"):
        normalize_depth(X, CELL, method="median")


@pytest.mark.parametrize(
    ("args", "params", "message"),
    [
        ((COUNTS, CELL[1:]), {}, "groups has 39 rows, but X has 40 samples"),
        ((COUNTS[:, :, 0], CELL), {}, "expected three axes"),
        ((COUNTS - 1.0, CELL), {}, "Negative values in data passed to X"),
        ((np.where(COUNTS > 3, np.inf, 1.0), CELL), {}, "X contains infinity"),
        ((np.where(COUNTS > 3, np.nan, 1.0), CELL), {}, "X contains NaN"),
        ((COUNTS, CELL), {"method": "mean"}, "The 'method' parameter of normalize_depth must be"),
        ((COUNTS, CELL), {"method": ["total"]}, "The 'method' parameter"),
        ((COUNTS, CELL), {"reference": [1, 2]}, "one depth for each of the 5 marks"),
        ((COUNTS, CELL), {"reference": [1, 2, 3, 4, 0]}, "reference must be positive"),
        ((COUNTS[:0], []), {}, "X has shape .* at least 1 sample"),
    ],
)
def test_depth_refuses(args, params, message):
    with pytest.raises(ValueError, match=message):
        normalize_depth(*args, **params)
