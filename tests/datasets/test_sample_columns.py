"""Sample columns as a table and as arrays."""

import pickle

import numpy as np
import pytest

from histoexpr import HistoneDataset
from support.small_datasets import assert_equal_datasets, make_dataset


def test_groups_and_return_X_y():
    data = make_dataset()
    assert data.groups["gene"].tolist() == data.gene.tolist()
    X, y = data.return_X_y()
    assert X is data.X
    assert y is data.y
    with pytest.raises(ValueError, match="no labels"):
        make_dataset(y=None).return_X_y()


def test_to_frame():
    pandas = pytest.importorskip("pandas")
    frame = make_dataset().to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.columns[:3].tolist() == ["cell", "gene", "y"]
    assert frame["gene"].tolist() == make_dataset().gene.tolist()


def test_arrays_have_the_types_of_arrays():
    for data in (make_dataset(), make_dataset().take([5, 1, 0])):
        kinds = {name: getattr(data, name).dtype.kind for name in data.samples}
        assert kinds == {
            "cell": "U", "gene": "U", "y": "i", "chrom": "U",
            "tss": "i", "strand": "U", "expression": "f", "split": "U",
                "symbol": "U",
        }  # fmt: skip
        assert data.tss.dtype == np.int64
        assert data.gene is data.gene
        with pytest.raises(ValueError, match="read-only"):
            data.y[0] = 1  # the table would not see it


@pytest.mark.parametrize(
    "y", [[b"a", b"b"], ["on", "off"], [True, False], np.array([1, 2], ">i4"), [0.5, 2.0]]
)
def test_labels_of_any_kind_survive_the_table(y):
    data = HistoneDataset(np.ones((2, 1, 1)), np.array(y), cell=["a", "b"], gene=["g", "g"])
    turned = data.take([1, 0])
    assert turned.y.tolist() == list(y)[::-1]
    assert turned.y.dtype.kind == np.array(y).dtype.kind


def test_setting_a_column_checks_it_and_changes_the_table():
    data = make_dataset()
    assert data.samples["y"].tolist() == [0, 1] * 4
    data.y = [1, 0] * 4
    data.chrom = None
    assert data.samples["y"].tolist() == data.y.tolist() == [1, 0] * 4
    assert "chrom" not in data.samples
    with pytest.raises(ValueError, match=r"gene has shape \(1,\)"):
        data.gene = ["a"]
    with pytest.raises(ValueError, match="cell is required"):
        data.cell = None


def test_pickled_data_sets_are_equal_and_small():
    data = make_dataset(n_genes=2000)
    copy = pickle.loads(pickle.dumps(data))
    assert_equal_datasets(copy, data)
    assert len(pickle.dumps(data)) < data.X.nbytes + data.samples.memory_usage().sum() + 40_000


def test_changing_the_table_that_is_handed_out_changes_nothing():
    data, expected = make_dataset(), make_dataset()
    frame = data.samples
    frame.loc[0, "y"] = 7
    frame["cell"].array[0] = "B"  # shared by a shallow copy
    frame["cell"] = frame["cell"].cat.rename_categories({"A": "Z"})
    frame["expression"] = 0
    del frame["split"]
    assert_equal_datasets(data, expected)
    assert data.cells.tolist() == ["A", "B"]
    assert data.select(cells="A", split="train").n_samples == 2
    assert data.samples.equals(expected.samples)
    with pytest.raises(AttributeError, match="samples"):
        data.samples = frame
