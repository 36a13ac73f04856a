"""HistoneDataset: alignment, selection, joining, files."""

import json

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.exceptions import DataFormatError


def make(n_genes=4, cells=("A", "B"), **changes):
    n = n_genes * len(cells)
    genes = [f"00{i}" for i in range(n_genes)]
    columns = {
        "X": np.arange(n * 6).reshape(n, 3, 2),
        "y": np.arange(n) % 2,
        "cell": np.repeat(cells, n_genes),
        "gene": genes * len(cells),
        "chrom": ["chr1"] * n,
        "tss": np.arange(n) * 1000,
        "strand": ["+", "-"] * (n // 2),
        "expression": np.linspace(0, 1, n),
        "split": ["train", "test"] * (n // 2),
        "marks": ["K4", "K27"],
    }
    columns.update(changes)
    return HistoneDataset(columns.pop("X"), columns.pop("y"), **columns)


def equal(a, b):
    np.testing.assert_array_equal(a.X, b.X)
    for name in ("y", "cell", "gene", "chrom", "tss", "strand", "expression", "split"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    assert (a.marks, a.bin_size, a.window, a.meta) == (b.marks, b.bin_size, b.window, b.meta)


@pytest.mark.parametrize(
    ("largest", "dtype"), [(255, "uint8"), (256, "uint16"), (65535, "uint16"), (70000, "uint32")]
)
def test_counts_take_the_smallest_type(largest, dtype):
    X = np.zeros((1, 2, 1), dtype=int)
    X[0, 1, 0] = largest
    data = HistoneDataset(X, cell=["A"], gene=["g"])
    assert data.X.dtype == dtype
    assert data.X.max() == largest


def test_arrays_of_the_right_type_are_not_copied():
    X = np.ones((2, 3, 1), dtype=np.float64)
    assert HistoneDataset(X, cell=["A"] * 2, gene=["g", "h"]).X is X
    counts = np.full((2, 3, 1), 300, dtype=np.uint16)
    assert HistoneDataset(counts, cell=["A"] * 2, gene=["g", "h"]).X is counts


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cell": ["A"]}, r"cell has shape \(1,\), but X has 8 samples"),
        ({"y": [0, 1]}, r"y has shape \(2,\)"),
        ({"gene": None}, "gene is required"),
        ({"X": np.ones((8, 6))}, "expected three axes"),
        ({"X": -np.ones((8, 3, 2), dtype=int)}, "negative counts"),
        ({"X": np.full((8, 3, 2), "a")}, "dtype"),
        ({"X": np.ones((8, 0, 2))}, "at least one bin"),
        ({"marks": ["K4"]}, r"1 mark names \(K4\) for 2 marks"),
        ({"marks": ["K4", "K4"]}, "not distinct"),
        ({"bin_size": 0}, "bin_size must be a positive integer"),
        ({"window": (-100, 100)}, "spans 200 bp, but 3 bins of 100"),
        ({"tss": np.linspace(0, 1, 8)}, "expected integers"),
        ({"gene": ["a", None] * 4}, r"gene is missing for 4 sample\(s\), the first in row 1"),
        ({"cell": [np.nan] + ["A"] * 7}, "cell is missing"),
        ({"y": [0, 1, None, 1] * 2}, "y is missing for 2"),
        ({"y": np.array([0, "1"] * 4, dtype=object)}, "mixes text and numbers"),
        ({"window": (-100.5, 199.5)}, "whole bp"),
        ({"window": "ab"}, r"must be \(start, stop\)"),
        ({"window": (1, 2, 3)}, r"must be \(start, stop\)"),
        ({"meta": "hello"}, "meta must be a dict"),
        ({"y": [0.0, np.nan] * 4}, "y is missing|y holds NaN"),
    ],
)
def test_rows_are_aligned_or_an_error_says_what_is_not(changes, message):
    with pytest.raises(ValueError, match=message):
        make(**changes)


def test_labels_keep_their_kind_and_optional_text_may_be_missing():
    objects = make(y=np.array([0, 1] * 4, dtype=object), strand=["+", None] * 4)
    assert objects.y.dtype.kind == "i"
    assert objects.strand.tolist() == ["+", "."] * 4
    assert make(y=np.array(["on", "off"] * 4, dtype=object)).y.dtype.kind == "U"
    with pytest.raises(ValueError, match="labels of text"):
        HistoneDataset.concat([make(), make(y=["on", "off"] * 4)])


def test_numpy_numbers_in_meta_are_saved(tmp_path):
    make(meta={"q": np.int64(3), "sizes": np.arange(2)}).save(tmp_path / "d")
    assert HistoneDataset.load(tmp_path / "d").meta == {"q": 3, "sizes": [0, 1]}


def test_select_keeps_all_columns_aligned():
    data = make()
    part = data.select(cells="B", split="train", marks=["K27"])
    assert part.gene.tolist() == ["000", "002"]
    assert part.cell.tolist() == ["B", "B"]
    np.testing.assert_array_equal(part.X[:, :, 0], data.X[[4, 6], :, 1])
    np.testing.assert_array_equal(part.expression, data.expression[[4, 6]])
    assert part.marks == ["K27"]
    both = data.select(genes=["003", "001"], marks=["K27", "K4"])
    assert both.gene.tolist() == ["001", "003"] * 2
    np.testing.assert_array_equal(both.X, data.X[[1, 3, 5, 7]][..., ::-1])


def test_take_by_number_and_by_mask():
    data = make()
    assert data.take([5, 1]).gene.tolist() == ["001", "001"]
    assert data.take(data.cell == "B").cell.tolist() == ["B"] * 4
    assert data.take([]).n_samples == 0
    with pytest.raises(ValueError, match=r"mask has shape \(3,\), but there are 8"):
        data.take([True, False, True])
    for rows in ([7, 8], np.arange(100), [-9]):
        with pytest.raises(IndexError, match="No sample"):
            data.take(rows)
    for rows in ([1.0, 2.0], 3, [[1, 2]]):
        with pytest.raises(ValueError, match="one-dimensional array of sample numbers"):
            data.take(rows)


def test_contiguous_selections_are_views():
    data = make()
    assert np.shares_memory(data.select(cells="B").X, data.X)
    assert not np.shares_memory(data.select(split="train").X, data.X)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ({"cells": "C"}, "No cell C; there are A, B"),
        ({"genes": ["000", "9"]}, "No gene 9"),
        ({"marks": "K9"}, "No mark K9; there are K4, K27"),
        ({"marks": []}, "marks is empty"),
        ({"genes": 5}, "genes must be a name or a sequence of names, got 5"),
        ({"split": "valid"}, "No split valid; there are test, train"),
    ],
)
def test_selecting_what_is_not_there(condition, message):
    with pytest.raises(ValueError, match=message):
        make().select(**condition)
    if "split" in condition:
        with pytest.raises(ValueError, match="no column 'split'"):
            make(split=None).select(**condition)


def test_concat_restores_the_whole_and_reorders_marks():
    data = make()
    swapped = data.select(cells="B", marks=["K27", "K4"])
    equal(HistoneDataset.concat([data.select(cells="A"), swapped]), data)
    assert HistoneDataset.concat([data, make(y=None)]).y is None
    metas = [{"rule": "overlap"}, {"rule": "5prime"}]
    joined = HistoneDataset.concat([make(meta=meta) for meta in metas])
    assert joined.meta == {"parts": metas}
    without = HistoneDataset.concat([data.select(cells="A"), make(split=None)])
    assert without.split is None
    for changes, message in [
        ({"marks": ["K4", "K9"]}, "Data set 1 has marks K4, K9"),
        ({"bin_size": 200}, "Data set 1 has bin_size 200"),
    ]:
        with pytest.raises(ValueError, match=message):
            HistoneDataset.concat([data, make(**changes)])
    with pytest.raises(ValueError, match="at least one"):
        HistoneDataset.concat([])


def test_groups_and_return_X_y():
    data = make()
    assert data.groups.dtype.names == ("cell", "gene", "chrom", "split")
    assert data.groups["gene"].tolist() == data.gene.tolist()
    assert make(chrom=None, split=None).groups.dtype.names == ("cell", "gene")
    X, y = data.return_X_y()
    assert X is data.X
    assert y is data.y
    with pytest.raises(ValueError, match="no labels"):
        make(y=None).return_X_y()


def test_bins_are_placed_around_the_tss():
    data = make()
    assert data.window == (-100, 200)
    np.testing.assert_array_equal(data.bin_positions, [-50, 50, 150])
    even = HistoneDataset(np.ones((1, 100, 5)), cell=["A"], gene=["g"])
    assert even.window == (-5000, 5000)


def test_to_frame():
    pandas = pytest.importorskip("pandas")
    frame = make().to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.columns[:3].tolist() == ["cell", "gene", "y"]
    assert frame["gene"].tolist() == make().gene.tolist()


def test_repr_says_what_is_in_it():
    text = repr(make())
    for part in ("8 samples = 4 genes in A, B", "K4, K27", "uint8", "0: 4 (50%)", "-100 to +200"):
        assert part in text


def test_save_and_load(tmp_path):
    data = make(meta={"counting": "overlap"})
    data.save(tmp_path / "d")
    loaded = HistoneDataset.load(tmp_path / "d")
    equal(loaded, data)
    assert isinstance(loaded.X, np.memmap)
    assert not isinstance(HistoneDataset.load(tmp_path / "d", mmap=False).X, np.memmap)
    assert [p.name for p in tmp_path.iterdir()] == ["d"]
    part = loaded.select(cells="B")
    assert "memory-mapped" in repr(part)
    bare = HistoneDataset(np.ones((2, 3, 1)), cell=["A", "A"], gene=["g", "h"])
    bare.save(tmp_path / "bare")
    assert HistoneDataset.load(tmp_path / "bare").y is None


def test_saving_replaces_only_data_sets_and_only_on_request(tmp_path):
    data = make()
    data.save(tmp_path / "d")
    with pytest.raises(FileExistsError, match="ask to overwrite"):
        data.save(tmp_path / "d")
    data.select(cells="A").save(tmp_path / "d", overwrite=True)
    assert HistoneDataset.load(tmp_path / "d").n_samples == 4
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("years of work")
    with pytest.raises(FileExistsError, match="not a saved data set"):
        data.save(tmp_path / "other", overwrite=True)
    assert (tmp_path / "other" / "thesis.tex").exists()
    (tmp_path / "d" / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"holds notes\.txt beside"):
        data.save(tmp_path / "d", overwrite=True)
    assert (tmp_path / "d" / "notes.txt").exists()
    (tmp_path / "other" / "dataset.json").write_text("{}")
    with pytest.raises(FileExistsError, match="not a saved data set"):
        data.save(tmp_path / "other", overwrite=True)


def test_a_data_set_can_be_saved_over_the_one_it_is_mapped_from(tmp_path):
    make().save(tmp_path / "d")
    mapped = HistoneDataset.load(tmp_path / "d")
    mapped.select(split="train").save(tmp_path / "d", overwrite=True)
    equal(HistoneDataset.load(tmp_path / "d"), make().select(split="train"))


def test_a_failed_save_leaves_nothing(tmp_path):
    data = make(meta={"bad": object()})
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        data.save(tmp_path / "d")
    assert list(tmp_path.iterdir()) == []


def test_damaged_folders_are_told(tmp_path):
    with pytest.raises(DataFormatError, match="not a saved HistoneDataset"):
        HistoneDataset.load(tmp_path)
    make().save(tmp_path / "d")
    head = json.loads((tmp_path / "d" / "dataset.json").read_text())
    (tmp_path / "d" / "dataset.json").write_text(json.dumps(head | {"version": 99}))
    with pytest.raises(DataFormatError, match="newer histoexpr"):
        HistoneDataset.load(tmp_path / "d")
    (tmp_path / "d" / "dataset.json").write_text(json.dumps(head | {"format": "x"}))
    with pytest.raises(DataFormatError, match="not a saved HistoneDataset"):
        HistoneDataset.load(tmp_path / "d")
    for damage in ([], {"columns": ["../evil"]}, {"window": [0, 1]}, {"marks": ["K4"]}):
        text = json.dumps(head | damage if damage else damage)
        (tmp_path / "d" / "dataset.json").write_text(text)
        with pytest.raises(DataFormatError, match=r"damaged|not a saved"):
            HistoneDataset.load(tmp_path / "d")
    for key in head:
        text = json.dumps({name: value for name, value in head.items() if name != key})
        (tmp_path / "d" / "dataset.json").write_text(text)
        with pytest.raises(DataFormatError):
            HistoneDataset.load(tmp_path / "d")
    (tmp_path / "d" / "dataset.json").write_text(json.dumps(head))
    (tmp_path / "d" / "X.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(DataFormatError, match=r"X\.npy: cannot be read"):
        HistoneDataset.load(tmp_path / "d")


def test_strand_is_checked():
    columns = {"cell": ["E003"] * 3, "gene": ["a", "b", "c"]}
    data = HistoneDataset(np.ones((3, 2, 1)), strand=["+", "-", None], **columns)
    assert data.strand.tolist() == ["+", "-", "."]
    with pytest.raises(ValueError, match="strand is '-1' in row 1"):
        HistoneDataset(np.ones((3, 2, 1)), strand=["+", "-1", "."], **columns)
