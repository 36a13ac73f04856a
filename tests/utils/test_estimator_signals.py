"""check_signals: shapes, frames, errors, and no hidden copies."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from histoexpr import (
    CellNormalizer,
    HistoneDataset,
    HistoneLinearClassifier,
    make_histone_cells,
)
from histoexpr.utils import check_signals, read_signals
from support.signals import COUNTS, frame

rng = np.random.default_rng(0)


class Estimator(BaseEstimator):
    pass


def fitted(X, **params):
    estimator = Estimator()
    check_signals(estimator, X, reset=True, **params)
    return estimator


def test_three_axes_pass_without_a_copy():
    estimator = Estimator()
    out = check_signals(estimator, COUNTS, reset=True)
    assert np.shares_memory(out, COUNTS)
    assert out.dtype == np.uint16
    assert (estimator.n_features_in_, estimator.n_bins_in_, estimator.n_marks_in_) == (4, 4, 2)


def test_memory_map_stays_on_disk(tmp_path):
    np.save(tmp_path / "X.npy", COUNTS)
    X = np.load(tmp_path / "X.npy", mmap_mode="r")
    out = check_signals(Estimator(), X, reset=True)
    assert np.shares_memory(out, X)
    assert not out.flags.writeable


@pytest.mark.parametrize(("two_d", "shape"), [("bins", (6, 8, 1)), ("marks", (6, 1, 8))])
def test_two_axes(two_d, shape):
    estimator = Estimator()
    out = check_signals(estimator, COUNTS.reshape(6, 8), reset=True, two_d=two_d)
    assert out.shape == shape
    assert np.array_equal(out.ravel(), COUNTS.ravel())
    assert estimator.n_features_in_ == 8


@pytest.mark.parametrize(("two_d", "axis"), [("bins", 2), ("marks", 1)])
def test_two_and_three_axes_are_interchangeable_where_they_mean_the_same(two_d, axis):
    flat = COUNTS.reshape(6, 8)
    deep = np.expand_dims(flat, axis)
    for first, second in ((flat, deep), (deep, flat)):
        estimator = fitted(first, two_d=two_d)
        out = check_signals(estimator, second, reset=False, two_d=two_d)
        assert np.array_equal(out, deep)


def test_nested_lists():
    assert np.array_equal(check_signals(Estimator(), COUNTS.tolist(), reset=True), COUNTS)
    assert np.array_equal(check_signals(Estimator(), list(COUNTS), reset=True), COUNTS)
    assert check_signals(Estimator(), [[1, 2], [3, 4]], reset=True).shape == (2, 2, 1)


def test_boolean_calls_become_uint8():
    calls = COUNTS > 2
    out = check_signals(Estimator(), calls, reset=True)
    assert out.dtype == np.uint8
    assert np.array_equal(out, calls.astype(int))
    strided = np.repeat(calls, 2, axis=2)[:, ::2, ::2]
    assert np.array_equal(check_signals(Estimator(), strided, reset=True), strided.astype(int))


def test_y_is_validated_with_X():
    X, y = check_signals(Estimator(), COUNTS, [0, 1, 0, 1, 0, 1], reset=True)
    assert np.array_equal(X, COUNTS)
    assert np.array_equal(y, [0, 1, 0, 1, 0, 1])
    X, y = check_signals(Estimator(), COUNTS[:, :, 0], list("ababab"), reset=True)
    assert X.shape == (6, 4, 1)
    assert y.tolist() == list("ababab")
    for X in (COUNTS, COUNTS[:, :, 0], frame()):
        with pytest.raises(ValueError, match="inconsistent numbers of samples"):
            check_signals(Estimator(), X, [0, 1], reset=True)
        with pytest.raises(ValueError, match="requires y to be passed, but the target y is None"):
            check_signals(Estimator(), X, None, reset=True)


def test_input_name_is_no_obstacle_with_y():
    check_signals(Estimator(), COUNTS, np.arange(6), reset=True, input_name="X")
    check_signals(Estimator(), COUNTS, reset=True, input_name="X")


def test_frame_is_arranged_by_names():
    order = rng.permutation(8)
    estimator = Estimator()
    out = check_signals(estimator, frame(order=order), reset=True)
    marks = estimator.mark_names_in_.tolist()
    assert set(marks) == {"H3K4me3", "H3K27me3"}
    assert np.array_equal(out[:, :, marks.index("H3K4me3")], COUNTS[:, :, 0])
    assert np.array_equal(out[:, :, marks.index("H3K27me3")], COUNTS[:, :, 1])
    assert out.dtype == np.uint16
    assert estimator.n_features_in_ == 8 == len(estimator.feature_names_in_)


def test_bins_are_ordered_as_numbers():
    X = np.arange(12).reshape(1, 12)
    numbers = [10, 9, 2, 1, 11, 12, 3, 4, 5, 6, -7, 8]
    out = check_signals(Estimator(), pd.DataFrame(X, columns=[f"m:{b}" for b in numbers]), reset=1)
    assert out[0, :, 0].tolist() == [10, 3, 2, 6, 7, 8, 9, 11, 1, 0, 4, 5]


def test_mark_names_may_hold_colons():
    table = frame(marks=("H3K4me3:rep1", "H3K4me3:rep2"))
    estimator = fitted(table)
    assert estimator.mark_names_in_.tolist() == ["H3K4me3:rep1", "H3K4me3:rep2"]


def test_frame_after_frame_and_array_after_frame():
    estimator = fitted(frame())
    assert np.array_equal(check_signals(estimator, frame(), reset=False), COUNTS)
    assert np.array_equal(check_signals(estimator, COUNTS, reset=False), COUNTS)
    for order in ([1, 0, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0]):
        assert np.array_equal(check_signals(estimator, frame(order=order), reset=False), COUNTS)
    with pytest.raises(ValueError, match="has the marks a, b, but Estimator was fitted with H3K4"):
        check_signals(estimator, frame(marks=("a", "b")), reset=False)


def test_frame_after_array_goes_by_position():
    estimator = fitted(COUNTS)
    assert np.array_equal(check_signals(estimator, frame(), reset=False), COUNTS)
    turned = check_signals(estimator, frame(order=[1, 0, 2, 3, 4, 5, 6, 7]), reset=False)
    assert np.array_equal(turned, COUNTS[..., ::-1])  # by the first appearance of the marks
    flat = Estimator()
    with pytest.warns(UserWarning, match="32 columns for 32 bins of one mark"):
        check_signals(flat, np.ones((3, 32)), reset=True)
    with pytest.raises(ValueError, match=r"\(4, 2\), but Estimator was fitted with \(32, 1\)"):
        check_signals(flat, frame(), reset=False)


def test_refit_on_an_array_forgets_names():
    estimator = fitted(frame())
    check_signals(estimator, COUNTS, reset=True)
    assert not hasattr(estimator, "mark_names_in_")
    assert not hasattr(estimator, "feature_names_in_")
    assert estimator.n_features_in_ == 4


def test_other_frames_keep_their_feature_names():
    pooled = pd.DataFrame(COUNTS[:, 0], columns=["H3K4me3", "H3K27me3"])
    estimator = Estimator()
    assert check_signals(estimator, pooled, reset=True, two_d="marks").shape == (6, 1, 2)
    assert estimator.feature_names_in_.tolist() == ["H3K4me3", "H3K27me3"]
    assert not hasattr(estimator, "mark_names_in_")
    assert read_signals(pooled).columns is None
    assert read_signals(COUNTS).columns is None


def test_frame_faults_are_named():
    with pytest.raises(ValueError, match=r"lacks H3K4me3:3\. Every mark needs every bin"):
        check_signals(Estimator(), frame().drop(columns="H3K4me3:3"), reset=True)
    with pytest.raises(ValueError, match="H3K27me3:2 appears twice"):
        check_signals(Estimator(), frame(order=[0, 1, 2, 3, 3]), reset=True)
    for name in ("label", 7):
        with pytest.raises(ValueError, match=f"are called mark:bin, but {name} is not"):
            check_signals(
                Estimator(), frame().assign(**{"x": 1}).rename(columns={"x": name}), reset=True
            )
    gap = frame().astype(float)
    gap.iloc[2, 3] = np.nan
    with pytest.raises(ValueError, match="X contains NaN"):
        check_signals(Estimator(), gap, reset=True)


def test_frame_with_nullable_integers():
    table = frame().astype("UInt16")
    assert np.array_equal(check_signals(Estimator(), table, reset=True), COUNTS)
    table.iloc[0, 0] = None
    with pytest.raises(ValueError, match="X contains NaN"):
        check_signals(Estimator(), table, reset=True)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (COUNTS[None], r"X has 4 dimensions and shape \(1, 6, 4, 2\); expected"),
        (COUNTS[0, 0], "Expected 2D array, got 1D array"),
        (COUNTS[:0], r"Found array with 0 sample"),
        (COUNTS[:, :0], r"\(n_bins, n_marks\) = \(0, 2\); it needs at least one bin"),
        (COUNTS[:, :, :0], r"\(n_bins, n_marks\) = \(4, 0\); it needs at least one bin"),
        (np.where(COUNTS == 3, np.nan, COUNTS), "Input X contains NaN"),
        (np.where(COUNTS == 3, np.inf, COUNTS), "X contains infinity"),
        (COUNTS.astype(complex), "Complex data not supported"),
        (COUNTS.astype(str), "dtype='numeric' is not compatible with arrays of bytes/strings"),
        ([[[1, 2], [3, 4]], [[1, 2]]], r"The samples in X differ in shape"),
        ([[[1, 2], [3]]], r"The samples in X differ in shape"),
    ],
)
def test_bad_X(X, message):
    with pytest.raises(ValueError, match=message):
        check_signals(Estimator(), X, reset=True)


def as_dataset(marks=("K4", "K27"), X=COUNTS, **changes):
    columns = {"cell": ["a"] * 6, "gene": list("uvwxyz"), "y": [0, 1] * 3, **changes}
    return HistoneDataset(X, **columns, marks=list(marks))


def test_a_data_set_is_matched_by_the_names_of_its_marks():
    estimator = fitted(as_dataset())

    assert estimator.mark_names_in_.tolist() == ["K4", "K27"]
    assert (estimator.bin_size_in_, estimator.window_in_) == (100, (-200, 200))
    turned = as_dataset(("K27", "K4"), COUNTS[..., ::-1])
    for same in (as_dataset(), turned, as_dataset(("k27", "k4"), COUNTS[..., ::-1]), COUNTS):
        assert np.array_equal(check_signals(estimator, same, reset=False), COUNTS)
    nameless = HistoneDataset(COUNTS, cell=["a"] * 6, gene=list("uvwxyz"))
    assert np.array_equal(check_signals(estimator, nameless, reset=False), COUNTS)
    check_signals(estimator, COUNTS, reset=True)
    for name in ("mark_names_in_", "bin_size_in_", "window_in_"):
        assert not hasattr(estimator, name)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (as_dataset(("K4", "K9")), "has the marks K4, K9, .* fitted with K4, K27. Missing: K27"),
        (
            as_dataset(("K4", "K9", "K27"), np.ones((6, 4, 3))),
            r"K4, K9, K27, but Estimator .* data\.select\(marks=\['K4', 'K27'\]\)",
        ),
        (as_dataset(("K4",), COUNTS[..., :1]), "Missing: K27"),
        (as_dataset(("K27", "k27"), COUNTS), "has the marks K27, k27"),
        (as_dataset(bin_size=50), "bins of 50 bp, but Estimator .* bins of 100 bp"),
        (as_dataset(window=(0, 400)), r"window \(0, 400\).* fitted with the window \(-200, 200\)"),
    ],
)
def test_what_cannot_match_is_refused(other, message):
    with pytest.raises(ValueError, match=message):
        check_signals(fitted(as_dataset()), other, reset=False)


def test_labels_of_a_data_set():
    data = as_dataset()
    y = check_signals(Estimator(), data, None, reset=True)[1]
    assert y.tolist() == data.y.tolist()
    assert check_signals(Estimator(), data, [5, 6] * 3, reset=True)[1].tolist() == [5, 6] * 3
    with pytest.raises(ValueError, match="no labels"):
        check_signals(Estimator(), data.replace(y=None), None, reset=True)
    with pytest.raises(ValueError, match="requires y to be passed"):
        check_signals(Estimator(), COUNTS, None, reset=True)
    with pytest.raises(ValueError, match="y is a masked array"):
        check_signals(Estimator(), COUNTS, np.ma.masked_equal([0, 1] * 3, 1), reset=True)


def test_many_columns_without_names_are_said():
    with pytest.warns(UserWarning, match=r"31 columns for 31 marks.*Flattener"):
        check_signals(Estimator(), np.ones((3, 31)), reset=True, two_d="marks")
    check_signals(Estimator(), np.ones((3, 30)), reset=True)
    check_signals(Estimator(), np.ones((3, 40, 1)), reset=True)


def test_shape_seen_in_fit_is_kept():
    estimator = fitted(COUNTS)
    with pytest.raises(ValueError, match=r"= \(3, 2\), but Estimator was fitted with \(4, 2\)"):
        check_signals(estimator, COUNTS[:, :3], reset=False)
    with pytest.raises(ValueError, match=r"= \(4, 1\), but Estimator was fitted with \(4, 2\)"):
        check_signals(estimator, COUNTS[:, :, :1], reset=False)
    with pytest.raises(ValueError, match=r"For a single sample pass X\[None\]"):
        check_signals(estimator, COUNTS[0], reset=False)
    with pytest.raises(ValueError, match=r"can be passed as X.reshape\(-1, 4, 2\)"):
        check_signals(estimator, COUNTS.reshape(6, 8), reset=False)
    with pytest.raises(ValueError, match=r"fitted with three axes, \(n_samples, 4, 2\)\.$"):
        check_signals(estimator, COUNTS[:, :, 0], reset=False)


def test_flat_fit_keeps_the_message_of_scikit_learn():
    estimator = fitted(COUNTS[:, :, 0])
    with pytest.raises(ValueError, match="X has 3 features, but Estimator is expecting 4"):
        check_signals(estimator, COUNTS[:, :3, 0], reset=False)


def test_a_mark_that_a_cell_lacks_is_named_with_what_to_do():
    data = make_histone_cells(2, 40, missing_marks={"C02": ["H3K4me3"]}, random_state=0)
    for model in (HistoneLinearClassifier(), CellNormalizer()):
        with pytest.raises(ValueError, match=r"H3K4me3 is missing in cell C02.*MarkSubset"):
            model.fit(data)
