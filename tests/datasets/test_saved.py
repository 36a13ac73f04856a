"""Saved data sets: whole, replaced on request only, damage reported."""

import json

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.exceptions import DataFormatError, HistoexprWarning
from support.small_datasets import assert_equal_datasets, make_dataset


def test_numpy_numbers_in_meta_are_saved(tmp_path):
    make_dataset(meta={"q": np.int64(3), "sizes": np.arange(2)}).save(tmp_path / "d")
    assert HistoneDataset.load(tmp_path / "d").meta == {"q": 3, "sizes": [0, 1]}


def test_save_and_load(tmp_path):
    data = make_dataset(meta={"counting": "overlap"}, log2_fold_change=np.linspace(-1, 1, 8))
    data.save(tmp_path / "d")
    loaded = HistoneDataset.load(tmp_path / "d")
    assert_equal_datasets(loaded, data)
    assert isinstance(loaded.X, np.memmap)
    assert not isinstance(HistoneDataset.load(tmp_path / "d", mmap=False).X, np.memmap)
    assert [p.name for p in tmp_path.iterdir()] == ["d"]
    part = loaded.select(cells="B")
    assert "memory-mapped" in repr(part)
    bare = HistoneDataset(np.ones((2, 3, 1)), cell=["A", "A"], gene=["g", "h"])
    bare.save(tmp_path / "bare")
    assert HistoneDataset.load(tmp_path / "bare").y is None


@pytest.mark.parametrize("oriented", [True, False, None])
def test_orientation_is_saved(oriented, tmp_path):
    data = make_dataset(oriented=oriented)
    data.save(tmp_path / "d")
    assert HistoneDataset.load(tmp_path / "d").oriented is oriented


@pytest.mark.parametrize(
    ("meta", "oriented"),
    [
        ({}, None),
        ({"flip_minus_strand": "yes"}, None),
        ({"flip_minus_strand": False}, False),
        ({"flip_minus_strand": True, "report": {"genes": {"not_flipped": 0}}}, True),
        # genes without a strand were left along the genome
        ({"flip_minus_strand": True, "report": {"genes": {"not_flipped": 2}}}, None),
        ({"flip_minus_strand": True}, None),
    ],
)
def test_orientation_of_folders_of_earlier_versions(meta, oriented, tmp_path):
    make_dataset(meta=meta, oriented=True).save(tmp_path / "d")
    head = json.loads((tmp_path / "d" / "dataset.json").read_text())
    for name in ("oriented", "checksum", "files"):
        del head[name]
    (tmp_path / "d" / "dataset.json").write_text(json.dumps(head | {"version": 1}))
    with pytest.warns(HistoexprWarning, match="earlier version"):
        assert HistoneDataset.load(tmp_path / "d").oriented is oriented


def test_saving_replaces_only_data_sets_and_only_on_request(tmp_path):
    data = make_dataset()
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
    make_dataset().save(tmp_path / "d")
    mapped = HistoneDataset.load(tmp_path / "d")
    mapped.select(split="train").save(tmp_path / "d", overwrite=True)
    assert_equal_datasets(
        HistoneDataset.load(tmp_path / "d"), make_dataset().select(split="train")
    )


def test_a_failed_save_leaves_nothing(tmp_path):
    data = make_dataset(meta={"bad": object()})
    with pytest.raises(ValueError, match="cannot be written as JSON"):
        data.save(tmp_path / "d")
    assert list(tmp_path.iterdir()) == []


def test_damaged_folders_are_reported(tmp_path):
    with pytest.raises(DataFormatError, match="not a saved HistoneDataset"):
        HistoneDataset.load(tmp_path)
    make_dataset().save(tmp_path / "d")
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
    with pytest.raises(DataFormatError, match=r"X\.npy: is damaged"):
        HistoneDataset.load(tmp_path / "d")


@pytest.mark.parametrize("mmap", [True, False])
def test_one_changed_bit_anywhere_is_refused(tmp_path, mmap):
    make_dataset().save(tmp_path / "d")
    rng = np.random.default_rng(0)
    for path in sorted((tmp_path / "d").iterdir()):
        sound = path.read_bytes()
        for place in rng.integers(len(sound), size=12).tolist():
            damaged = bytearray(sound)
            damaged[place] ^= 1 << int(rng.integers(8))
            path.write_bytes(damaged)
            with pytest.raises(DataFormatError, match=rf"{path.name}|dataset\.json"):
                HistoneDataset.load(tmp_path / "d", mmap=mmap)
        path.write_bytes(sound[:-9])
        with pytest.raises(DataFormatError, match=path.name):
            HistoneDataset.load(tmp_path / "d", mmap=mmap)
        path.write_bytes(sound)
    assert_equal_datasets(HistoneDataset.load(tmp_path / "d", mmap=mmap), make_dataset())


def test_signals_may_be_left_unverified_but_no_column(tmp_path):
    make_dataset().save(tmp_path / "d")
    for name in ("X", "tss"):
        path = tmp_path / "d" / f"{name}.npy"
        sound = path.read_bytes()
        path.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
        if name == "X":
            changed = HistoneDataset.load(tmp_path / "d", verify=False)
            assert (changed.X != make_dataset().X).sum() == 1
            path.write_bytes(sound)
        else:
            with pytest.raises(DataFormatError, match=r"tss\.npy: is damaged"):
                HistoneDataset.load(tmp_path / "d", verify=False)


def test_folders_of_the_first_version_are_read_with_a_warning(tmp_path):
    make_dataset().save(tmp_path / "d")
    file = tmp_path / "d" / "dataset.json"
    head = json.loads(file.read_text())
    del head["files"], head["checksum"]
    file.write_text(json.dumps(head | {"version": 1}))
    with pytest.warns(HistoexprWarning, match=r"without checksums.*Save it again"):
        data = HistoneDataset.load(tmp_path / "d")
    assert_equal_datasets(data, make_dataset())


def test_a_path_that_is_none_is_named():
    for use in (make_dataset().save, HistoneDataset.load):
        with pytest.raises(TypeError, match="path must be a str or path-like, got 3"):
            use(3)
