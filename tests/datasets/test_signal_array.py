"""A data set as an X: its values, its rows, its frame."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split
from sklearn.utils import indexable, resample

from histoexpr import HistoneDataset
from support.small_datasets import assert_equal_datasets, make_dataset


def test_shape_and_values_are_those_of_X():
    data = make_dataset()

    assert (data.shape, data.ndim, len(data)) == ((8, 3, 2), 3, 8)
    assert data.dtype == data.X.dtype
    assert np.asarray(data) is data.X
    np.testing.assert_array_equal(np.array(data, dtype=float), data.X.astype(float))
    assert np.array(data, copy=True) is not data.X
    assert data.X[..., 0].sum() == np.sum(data[:].X[..., 0])


def test_rows_are_data_sets():
    data = make_dataset()

    for rows in (
        [6, 1], np.array([6, 1]), (np.array([6, 1]), Ellipsis), [-2, 1],
    ):  # fmt: skip
        assert_equal_datasets(data[rows], data.take([6, 1]))
    assert_equal_datasets(data[np.arange(8) > 5], data.take([6, 7]))
    assert_equal_datasets(data[5:1:-2], data.take([5, 3]))
    assert_equal_datasets(data[3], data.take([3]))
    assert_equal_datasets(data[[]], data.take([]))
    assert [part.gene[0] for part in data] == data.gene.tolist()
    for index in ("gene", (0, 1), (slice(None), 0), ([1], slice(None), 0)):
        with pytest.raises(TypeError, match=r"indexed by samples.*data\.select"):
            data[index]
    with pytest.raises(IndexError, match="No sample 8; there are 8"):
        data[8]
    with pytest.raises(ValueError, match="mask"):
        data[[True, False]]


def test_scikit_learn_takes_its_rows():
    data = make_dataset()

    assert indexable(data)[0] is data
    train, test, y_train, y_test = train_test_split(
        data, data.y, stratify=data.y, random_state=0
    )  # fmt: skip
    assert isinstance(train, HistoneDataset)
    assert train.y.tolist() == y_train.tolist()
    assert sorted(zip(train.cell, train.gene, strict=True)) + sorted(
        zip(test.cell, test.gene, strict=True)
    ) != sorted(zip(data.cell, data.gene, strict=True))
    assert len(train) + len(test) == len(data)
    assert test.y.tolist() == y_test.tolist()
    drawn = resample(data, random_state=0)
    assert drawn.shape == data.shape


def test_frame_holds_each_value_under_its_mark_and_bin():
    data = make_dataset()
    frame = data.as_frame()

    assert list(frame) == ["K4:1", "K27:1", "K4:2", "K27:2", "K4:3", "K27:3"]
    for mark in range(2):
        for number in range(3):
            values = frame[f"{data.marks[mark]}:{number + 1}"].to_numpy()
            np.testing.assert_array_equal(values, data.X[:, number, mark])
    X, y = data.return_X_y(as_frame=True)
    pd.testing.assert_frame_equal(X, frame)
    assert y is data.y
    with pytest.raises(ValueError, match="no labels"):
        make_dataset(y=None).return_X_y(as_frame=True)


def test_a_data_set_is_made_of_its_frame():
    data = make_dataset()
    frame = data.as_frame()

    again = HistoneDataset(frame[sorted(frame)], data.y, cell=data.cell, gene=data.gene)

    assert again.marks == ["K27", "K4"]
    np.testing.assert_array_equal(again.select(marks=data.marks).X, data.X)
    named = HistoneDataset(frame, data.y, cell=data.cell, gene=data.gene, marks=["a", "b"])
    assert named.marks == ["a", "b"]


def test_axes_of_other_packages_are_said():
    columns = {"cell": ["A"] * 2, "gene": ["x", "y"]}

    with pytest.warns(UserWarning, match=r"\(n_samples, n_bins, n_marks\).*transpose"):
        HistoneDataset(np.ones((2, 5, 100)), **columns)
    HistoneDataset(np.ones((2, 100, 5)), **columns)
    HistoneDataset(np.ones((2, 1, 5)), **columns)  # pooled
    HistoneDataset(np.ones((2, 3, 4)), **columns, marks=list("abcd"))


def test_a_data_set_is_not_wrapped_in_another():
    data = make_dataset()

    with pytest.raises(ValueError, match=r"data set already; data\.replace"):
        HistoneDataset(data, cell=data.cell, gene=data.gene)


def test_the_target_of_pairs_is_the_change_of_expression():
    change = np.linspace(-2, 2, 8)
    data = make_dataset(log2_fold_change=change)
    X, target = data.return_X_y(target="log2_fold_change")
    assert X is data.X
    np.testing.assert_array_equal(target, change)
    with pytest.raises(ValueError, match=r"no log2_fold_change.*pair_cells"):
        make_dataset().return_X_y(target="log2_fold_change")
    missing = data.replace(log2_fold_change=[0, 1, np.inf, 2, 3, 4, 5, 6])
    with pytest.raises(ValueError, match=r"1 sample\(s\) is missing.*gene 002.*take"):
        missing.return_X_y(target="log2_fold_change")


def test_the_target_is_the_label_or_the_logarithm_of_expression():
    data = make_dataset().replace(expression=np.arange(8.0))
    X, target = data.return_X_y(target="log2_expression")
    assert X is data.X
    np.testing.assert_allclose(target, np.log2(np.arange(1, 9)))
    np.testing.assert_array_equal(data.return_X_y(target="label")[1], data.y)
    with pytest.raises(ValueError, match=r"must be 'label', 'log2_expression' or .*, got 'rpkm'"):
        data.return_X_y(target="rpkm")
    with pytest.raises(ValueError, match="no expression"):
        data.replace(expression=None).return_X_y(target="log2_expression")
    values = np.arange(8.0)
    values[2] = np.nan
    with pytest.raises(ValueError, match=f"1 sample.*gene {data.gene[2]} in cell {data.cell[2]}"):
        data.replace(expression=values).return_X_y(target="log2_expression")


def test_marks_that_are_not_there_are_nan():
    data = make_dataset()
    wider = data.with_marks(["K9", "K27", "K4"])

    assert wider.marks == ["K9", "K27", "K4"]
    assert wider.X.dtype == np.float32
    assert np.isnan(wider.X[:, :, 0]).all()
    np.testing.assert_array_equal(wider.X[:, :, 1:], data.X[:, :, ::-1])
    np.testing.assert_array_equal(wider.gene, data.gene)
    np.testing.assert_array_equal(wider.expression, data.expression)
    # counts beyond 2**24 stay exact
    large = data.replace(X=data.X.astype(np.uint32) + 2**24 + 1).with_marks(["K4", "K9"])
    assert large.X[1, 0, 0] - large.X[0, 0, 0] == 6
    both = HistoneDataset.concat([data.with_marks(["K4", "K27", "K9"]), wider])
    assert both.shape == (16, 3, 3)
    assert_equal_datasets(data.with_marks(["K27", "K4"]), data.select(marks=["K27", "K4"]))
    assert data.with_marks("K4").X.dtype == data.X.dtype
    with pytest.raises(ValueError, match="none of the marks K9; it has K4, K27"):
        data.with_marks("K9")
    with pytest.raises(ValueError, match="not distinct"):
        data.with_marks(["K4", "K4"])
