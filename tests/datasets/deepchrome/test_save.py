"""Writing the DeepChrome layout."""

import numpy as np
import pytest

from histoexpr.datasets import HistoneDataset, save_deepchrome
from support.deepchrome_files import assert_same, pack_folder, random_dataset, read


@pytest.mark.parametrize("seed", range(24))
def test_round_trip(tmp_path, seed):
    data = random_dataset(seed)
    save_deepchrome(data, tmp_path / "set")
    assert_same(read(tmp_path / "set"), data)
    archive = pack_folder(tmp_path / "set.tar.gz", tmp_path / "set", "set")
    assert_same(read(archive), data)
    shuffled = data.take(np.random.default_rng(seed).permutation(data.n_samples))
    save_deepchrome(shuffled, tmp_path / "shuffled")
    back = read(tmp_path / "shuffled")
    keys = [tuple(key) for key in zip(data.cell, data.gene, strict=True)]
    order = [keys.index(key) for key in zip(back.cell, back.gene, strict=True)]
    assert_same(back, data.take(order))


def test_the_layout_runs_along_the_genome(tmp_path):
    data = small(strand=["+", "-"], X=np.array([[[1], [2]], [[3], [4]]]), oriented=True)
    save_deepchrome(data.orient(False), tmp_path / "turned")
    save_deepchrome(data.replace(oriented=None), tmp_path / "as_is")
    turned, as_is = read(tmp_path / "turned"), read(tmp_path / "as_is")
    assert turned.oriented is as_is.oriented is False
    assert turned.X.ravel().tolist() == [1, 2, 4, 3]
    assert as_is.X.ravel().tolist() == [1, 2, 3, 4]


def test_written_text(tmp_path):
    data = HistoneDataset(
        [[[1, 20], [300, 0]]], [True], cell=["E003"], gene=["007"], split=["valid"]
    )
    save_deepchrome(data, tmp_path / "set")
    files = [path for path in (tmp_path / "set").rglob("*") if path.is_file()]
    assert files == [tmp_path / "set" / "E003" / "classification" / "valid.csv"]
    assert files[0].read_bytes() == b"007,1,1,20,1\n007,2,300,0,1\n"


def small(**changes):
    options = {
        "X": np.ones((2, 2, 1), dtype=np.uint8),
        "y": [0, 1],
        "cell": ["E003", "E003"],
        "gene": ["a", "b"],
        "split": ["train", "test"],
        **changes,
    }
    return HistoneDataset(**options)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"oriented": True}, r"bins along transcription.*orient\(False\).*oriented=None"),
        ({"y": None}, "has no labels.*binarize_expression"),
        ({"y": [0, 2]}, "y holds 0, 2; the DeepChrome layout needs the numbers 0"),
        ({"y": ["low", "high"]}, "y holds high, low"),
        ({"y": [0, np.nan]}, "y is missing for 1 sample"),
        ({"split": None}, "no column split"),
        ({"split": ["train", "val"]}, "split holds 'val'; the DeepChrome layout has train"),
        ({"cell": ["..", "E003"]}, r"Cell '\.\.' cannot be the name of a folder"),
        ({"cell": ["a/b", "E003"]}, "Cell 'a/b' cannot"),
        ({"cell": ["", "E003"]}, "cell is missing"),
        ({"gene": ["a,b", "c"]}, "Gene 'a,b' cannot stand in a CSV file"),
        ({"gene": ["a\nb", "c"]}, "cannot stand in a CSV file"),
        ({"gene": ['"a"', "c"]}, "cannot stand in a CSV file"),
        ({"gene": ["", "c"]}, "gene is missing"),
        ({"gene": ["x" * 256, "c"]}, "1 to 255 printable bytes"),
        ({"gene": ["a", "a"]}, "Gene a of cell E003 is in samples 0 and 1"),
        ({"X": np.full((2, 2, 1), np.nan)}, "X of gene a in cell E003 holds NaN"),
        ({"X": np.array([[[0.0], [1]], [[1], [-1]]])}, "X of gene b in cell E003 holds NaN, inf"),
        ({"X": np.full((2, 2, 1), 2**60)}, "huge values"),
    ],
)
def test_what_cannot_be_saved(tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        save_deepchrome(small(**changes), tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_saving_nothing(tmp_path):
    with pytest.raises(ValueError, match="no samples"):
        save_deepchrome(small().take(np.zeros(2, dtype=bool)), tmp_path / "set")


def test_overwrite(tmp_path):
    target = tmp_path / "set"
    save_deepchrome(small(), target)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        save_deepchrome(small(y=[1, 1]), target)
    assert read(target).y.tolist() == [0, 1]
    save_deepchrome(small(y=[1, 1], cell=["K562", "K562"]), target, overwrite=True)
    assert read(target).y.tolist() == [1, 1]
    assert read(target).cells.tolist() == ["K562"]
    with pytest.raises(ValueError, match="holds NaN"):
        save_deepchrome(small(X=np.full((2, 2, 1), np.nan)), target, overwrite=True)
    assert read(target).y.tolist() == [1, 1]
    (target / "K562" / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match=r"holds .*notes.txt, which is not of the layout"):
        save_deepchrome(small(), target, overwrite=True)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FileExistsError, match="not of the layout"):
        save_deepchrome(small(), tmp_path / "file", overwrite=True)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["file", "set"]


def test_real_files_are_written_byte_for_byte(shared_data, tmp_path):
    folder = shared_data / "counts" / "deepchrome_csv"
    save_deepchrome(read(folder), tmp_path / "set")
    for file in folder.rglob("*.csv"):
        assert (tmp_path / "set" / file.relative_to(folder)).read_bytes() == file.read_bytes()


def test_parameters_that_are_no_data_set_and_no_path(tmp_path):
    with pytest.raises(ValueError, match=r"dataset must be a HistoneDataset, got 3\..*load_data"):
        save_deepchrome(3, tmp_path / "x")
    with pytest.raises(ValueError, match="path must be a str or path-like, got None"):
        save_deepchrome(small(), None)
