"""What all transformers of signals share: scikit-learn's checks, names, frames, dtypes."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator

from histoexpr import (
    BinPooler,
    CellNormalizer,
    Flattener,
    MarkSelector,
    SignalScaler,
    WindowSelector,
)
from support.counts import COUNTS, MARKS, frame

rng = np.random.default_rng(0)

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
    CellNormalizer(),
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


@pytest.mark.parametrize("transformer", three_d_instances(), ids=repr)
def test_frames_give_what_arrays_give(transformer):
    expected = clone(transformer).fit_transform(COUNTS)
    assert np.array_equal(clone(transformer).fit_transform(frame()), expected)
    table = clone(transformer).set_output(transform="pandas").fit_transform(frame())
    assert np.array_equal(table.to_numpy(), expected.reshape(40, -1))
    assert table.index[3] == "gene3"
    assert table.columns[0].startswith(("H3K27me3", "H3K4me3"))


def test_names_come_through_a_pipeline():
    steps = MarkSelector(["H3K4me3", "H3K4me1"], mark_names=MARKS), SignalScaler(), BinPooler()
    model = make_pipeline(*steps).fit(COUNTS)
    assert model.get_feature_names_out().tolist() == ["H3K4me3", "H3K4me1"]
    expected = model.transform(COUNTS)
    table = make_pipeline(*steps).set_output(transform="pandas").fit_transform(COUNTS)
    assert table.columns.tolist() == ["H3K4me3", "H3K4me1"]
    np.testing.assert_allclose(table, expected)


def test_names_given_late_in_a_pipeline():
    model = make_pipeline(SignalScaler(), BinPooler(mark_names=MARKS))
    assert model.set_output(transform="pandas").fit_transform(COUNTS).columns.tolist() == MARKS
    assert model.fit(COUNTS).get_feature_names_out().tolist() == MARKS


def test_two_opinions_on_names_are_refused():
    for names in (MARKS[::-1], ["a", "b", "c", "d", "e"]):
        with pytest.raises(ValueError, match="but the columns of X are of H3K27me3, H3K36me3"):
            BinPooler(mark_names=names).fit(frame())
    assert BinPooler(mark_names=MARKS).fit(frame()).get_feature_names_out().tolist() == MARKS


def test_names_that_do_not_fit_are_refused():
    scaler = SignalScaler().fit(COUNTS)
    with pytest.raises(ValueError, match=r"length equal to number of features \(100\), got 3"):
        scaler.get_feature_names_out(["a:1", "a:2", "a:3"])
    with pytest.raises(ValueError, match="input_features is not equal to feature_names_in_"):
        scaler.fit(frame()).get_feature_names_out([f"x{number}" for number in range(100)])
