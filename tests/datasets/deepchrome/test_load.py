"""The DeepChrome layout: what is read, what is written, and where faults are found."""

import gzip
import io
import os
import tarfile
import threading

import numpy as np
import pytest

from histoexpr.datasets import HistoneDataset, load_deepchrome, save_deepchrome
from histoexpr.datasets.deepchrome import _parse as _deepchrome_parse
from histoexpr.exceptions import DataFormatError, HistoexprWarning

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]
# Two genes of two bins and two marks
SOUND = "a,1,1,2,0\na,2,3,4,0\nb,1,5,6,1\nb,2,7,8,1\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("HISTOEXPR_CACHE", str(tmp_path_factory.mktemp("cache")))


def write(folder, cell="E003", **texts):
    """Write files of one cell; texts are given by split."""
    for split, text in texts.items():
        file = folder / cell / "classification" / f"{split}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def pack(path, files, mode="w:gz", **options):
    """Write an archive of {name: bytes or TarInfo}."""
    with tarfile.open(path, mode, **options) as tar:
        for name, content in files.items():
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = b"" if content is info else content
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def pack_folder(path, folder, arcname):
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as tar:
        tar.add(folder, arcname)
    return path


def read(folder, **options):
    return load_deepchrome(folder, cache=False, **options)


def assert_same(a, b):
    np.testing.assert_array_equal(a.X, b.X)
    assert a.X.dtype == b.X.dtype
    for name in ("y", "cell", "gene", "split"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    assert a.marks == b.marks


def random_dataset(seed):
    """Random cells, splits, genes, bins, marks and sizes of counts, in canonical order."""
    rng = np.random.default_rng(seed)
    n_bins, n_marks = rng.integers(1, 8), rng.integers(1, 7)
    top = [2, 12, 256, 70_000, 2**31, 2**40][seed % 6]
    rows = []
    for cell in ["E003", "E004", "cell 1", "é"][: rng.integers(1, 5)]:
        names = [f"{number:06d}" for number in rng.permutation(50)]
        for split in ("train", "valid", "test"):
            genes = [names.pop() + "x" * int(rng.integers(0, 12)) for _ in range(rng.integers(6))]
            rows += [(cell, split, gene) for gene in genes]
    rows = rows or [("E003", "train", "000001")]
    cell, split, gene = np.array(rows).T
    X = rng.integers(0, top, size=(len(rows), n_bins, n_marks))
    X = X // 10 ** rng.integers(0, 12, size=X.shape)
    X = X if seed % 3 else (X.astype(np.float32) + np.float32(0.1))
    y = rng.integers(0, 2, size=len(rows)).astype(np.int8)
    order = np.argsort(cell, kind="stable")  # np.unique's order of cells
    marks = MARKS if n_marks == 5 else None
    return HistoneDataset(X, y, cell=cell, gene=gene, split=split, marks=marks).take(order)


# -- what is read --------------------------------------------------------------------------


def test_hand_written_file(tmp_path):
    text = "000003,1,0,7,300,0\n000003,2,1,0,65536,0\n0123,1,2,2,2,1\n0123,2,3,3,3,1\n"
    write(tmp_path, train=text)
    data = read(tmp_path)
    expected = [[[0, 7, 300], [1, 0, 65536]], [[2, 2, 2], [3, 3, 3]]]
    np.testing.assert_array_equal(data.X, expected)
    assert data.X.dtype == np.uint32
    assert data.y.dtype == np.int8
    assert data.y.tolist() == [0, 1]
    assert data.gene.tolist() == ["000003", "0123"]
    assert data.split.tolist() == ["train", "train"]
    assert data.marks == ["mark1", "mark2", "mark3"]
    assert data.meta == {"source": str(tmp_path)}


@pytest.mark.parametrize(
    ("top", "dtype"), [(255, "u1"), (256, "u2"), (65535, "u2"), (65536, "u4"), (2**33, "u8")]
)
def test_smallest_dtype(tmp_path, top, dtype):
    data = read(write(tmp_path, train=f"a,1,{top},0\nb,1,9,1\n"))
    assert data.X.dtype == np.dtype(dtype)
    assert data.X.ravel().tolist() == [top, 9]


def test_dtype_is_that_of_the_largest_file(tmp_path):
    data = read(write(tmp_path, train="a,1,300,0\n", valid="b,1,1,0\n", test="c,1,2.5,1\n"))
    assert data.X.dtype == np.float32
    assert data.X.ravel().tolist() == [300, 1, 2.5]
    assert read(tmp_path, splits=["train", "valid"]).X.dtype == np.uint16


def test_decimals_are_float32(tmp_path):
    data = read(write(tmp_path, train="a,1,1.5,0,0\na,2,1e3, 2 ,0\nb,1,.25,+3,1\nb,2,7.,0,1\n"))
    assert data.X.dtype == np.float32
    np.testing.assert_array_equal(data.X, [[[1.5, 0], [1000, 2]], [[0.25, 3], [7, 0]]])


def test_whole_decimals_are_integers(tmp_path):
    assert read(write(tmp_path, train="a,1,5.0,0\n")).X.dtype == np.uint8


@pytest.mark.parametrize(
    "text",
    [
        SOUND.replace("\n", "\r\n"),
        SOUND.rstrip("\n"),
        SOUND + "\n\r\n\n",
        "\ufeff" + SOUND,
        SOUND.replace("a,", '"a",'),
    ],
    ids=["CRLF", "no last newline", "blank lines at the end", "byte-order mark", "quotes"],
)
@pytest.mark.parametrize("block", [7, 1 << 19])
def test_variants_of_text(tmp_path, monkeypatch, text, block):
    monkeypatch.setattr(_deepchrome_parse, "BLOCK_BYTES", block)
    data = read(write(tmp_path, train=text))
    np.testing.assert_array_equal(data.X.ravel(), np.arange(1, 9))
    assert data.gene.tolist() == ["a", "b"]
    assert data.y.tolist() == [0, 1]


@pytest.mark.parametrize("block", [1, 10, 64, 1000])
def test_blocks_of_any_size_give_the_same(tmp_path, monkeypatch, block):
    data = random_dataset(4)
    save_deepchrome(data, tmp_path / "set")
    monkeypatch.setattr(_deepchrome_parse, "BLOCK_BYTES", block)
    assert_same(read(tmp_path / "set"), data)


def test_genes_that_share_a_beginning_are_told_apart(tmp_path):
    genes = ["ENSG00000000001", "ENSG00000000002", "ENSG000000000021", "ENSG0000000000211", "E"]
    text = "".join(f"{gene},{b},{b},1\n" for gene in genes for b in (1, 2))
    assert read(write(tmp_path, train=text)).gene.tolist() == genes


def test_cells_and_splits_in_order(tmp_path):
    for cell in ("E123", "E003"):
        write(tmp_path, cell, test="a,1,1,0\n", train="b,1,2,0\n", valid="c,1,3,1\n")
    data = read(tmp_path)
    assert data.cell.tolist() == ["E003"] * 3 + ["E123"] * 3
    assert data.split.tolist() == ["train", "valid", "test"] * 2
    assert data.gene.tolist() == ["b", "c", "a"] * 2
    assert read(tmp_path, cells="E123", splits=("test", "train")).gene.tolist() == ["b", "a"]


def test_what_is_not_wanted_is_not_read(tmp_path):
    folder = tmp_path / "set"
    write(folder, "E003", train=SOUND, test="rubbish")
    write(folder, "E004", train="rubbish")
    archive = pack_folder(tmp_path / "set.tar.gz", folder, "set")
    for source in (folder, archive):
        data = read(source, cells="E003", splits="train")
        assert data.gene.tolist() == ["a", "b"]


def test_ways_to_name_one_cell(tmp_path):
    write(tmp_path, train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    cell = tmp_path / "E003"
    for path in (cell, cell / "classification", f"{cell}/"):
        data = read(path)
        assert data.cells.tolist() == ["E003"]
        assert data.n_samples == 3
    assert read(cell / "classification" / "test.csv").split.tolist() == ["test"]
    assert read(cell / "classification" / "test.csv").cells.tolist() == ["E003"]
    assert read(cell / "classification", cells="E999").cells.tolist() == ["E999"]
    with pytest.raises(ValueError, match=r"No cell E999 in .*E003; there are E003\."):
        read(cell, cells="E999")


def test_relative_path(tmp_path, monkeypatch):
    write(tmp_path, train=SOUND)
    monkeypatch.chdir(tmp_path / "E003")
    assert read(".").cells.tolist() == ["E003"]


def test_file_of_another_name_has_no_split(tmp_path):
    (tmp_path / "mine.csv").write_text(SOUND)
    data = read(tmp_path / "mine.csv", cells="K562")
    assert data.split is None
    assert data.cells.tolist() == ["K562"]


def test_mark_names(tmp_path):
    five = write(tmp_path / "five", train="a,1,1,2,3,4,5,0\n")
    assert read(five).marks == MARKS
    assert load_deepchrome(five, marks=list("vwxyz")).marks == list("vwxyz")
    assert load_deepchrome(five).marks == MARKS
    with pytest.raises(ValueError, match=r"marks holds 2 names \(A, B\).*counts of 5 marks"):
        read(five, marks=["A", "B"])


# -- faults of one file --------------------------------------------------------------------

FAULTS = {
    "columns": (SOUND.replace("b,1,5,6,1", "b,1,5,1"), 3, "4 columns, but line 1 has 5"),
    "more columns": (SOUND.replace("b,1,5,6,1", "b,1,5,6,7,1"), 3, "6 columns, but line 1 has 5"),
    "shifted columns": ("a,1,1,2\na,2,3,4,0,0\n", 1, "label '2' is not 0 or 1"),
    "few columns": ("a,1,0\n", 1, "3 comma-separated columns, expected at least 4"),
    "tabs": (SOUND.replace(",", "\t"), 1, "1 comma-separated columns"),
    "header": ("gene,bin,m1,m2,y\n" + SOUND, 1, "bin 'bin' is not a whole number.*no header"),
    "text": (SOUND.replace("7,8", "7,x8"), 4, "count 'x8' of mark 2 is not a number"),
    "empty count": (SOUND.replace("7,8", ",8"), 4, "count '' of mark 1 is not a number"),
    "underscore": (SOUND.replace("7,8", "7,8_0"), 4, "count '8_0' of mark 2 is not a number"),
    "negative": (SOUND.replace("3,4", "-3,4"), 2, "count '-3' of mark 1 is negative"),
    "nan": (SOUND.replace("3,4", "3,NaN"), 2, "count 'NaN' of mark 2 is NaN"),
    "infinite": (SOUND.replace("3,4", "3,inf"), 2, "count 'inf' of mark 2 is too large"),
    "huge": (SOUND.replace("3,4", "3,1e300"), 2, "count '1e300' of mark 2 is too large"),
    "late among decimals": (SOUND.replace("1,2", "1.5,2").replace("7,8", "7,nan"), 4, "is NaN"),
    "bin text": (SOUND.replace("b,1,", "b,one,"), 3, "bin 'one' is not a whole number"),
    "bin decimal": (SOUND.replace("b,1,", "b,1.0,"), 3, "bin '1.0' is not a whole number"),
    "bin zero": (SOUND.replace("b,1,", "b,0,"), 3, "bin 0 of gene b is repeated or out of order"),
    "repeated bin": (SOUND.replace("b,2,", "b,1,"), 4, "bin 1 of gene b is repeated.*bin 2"),
    "missing bin": ("a,1,1,0\na,2,1,0\na,3,1,0\nb,1,1,0\nb,3,1,0\n", 5, "bin 2 of gene b is"),
    "missing in first": ("a,1,1,0\na,3,1,0\nb,1,1,0\nb,2,1,0\nb,3,1,0\n", 2, "bin 2 of gene a is"),
    "missing first bin": ("a,1,1,0\na,2,1,0\nb,2,1,0\nb,3,1,0\n", 3, "bin 1 of gene b is missing"),
    "out of order": (SOUND.replace("b,1,", "b,9,").replace("b,2,", "b,1,"), 3, "bin 1 of gene b"),
    "short gene": ("a,1,1,0\na,2,1,0\nb,1,1,0\nc,1,1,0\nc,2,1,0\n", 3, "gene b ends after bin 1;"),
    "short first": ("a,1,1,0\nb,1,1,0\nb,2,1,0\nc,1,1,0\nc,2,1,0\n", 1, "gene a ends after bin 1"),
    "long gene": (SOUND + "c,1,0,0,0\nc,2,0,0,0\nc,3,0,0,0\n", 7, "gene c has bin 3, but other"),
    "truncated": (SOUND + "c,1,0,0,0\n", 5, "gene c ends after bin 1.*file is truncated"),
    "cut line": (SOUND + "c,1,0,0", 5, "4 columns.*file ends within this line: it is truncated"),
    "repeated gene": (
        SOUND + "a,1,0,0,0\na,2,0,0,0\n",
        5,
        "gene a is repeated with other .* line 1",
    ),
    "bins from 0": (
        "a,0,1,0\na,1,1,0\nb,0,1,0\nb,1,1,0\n",
        1,
        "bin 0 of gene a .* expected bin 1",
    ),
    "repeated alone": ("a,1,1,0\na,2,1,0\na,1,1,0\na,2,2,0\n", 3, "gene a is repeated"),
    "other label": ("a,1,1,0\na,2,1,0\na,1,1,1\na,2,1,1\n", 3, "gene a is repeated"),
    "repeated at once": (SOUND + "b,1,0,0,1\nb,2,0,0,1\n", 5, "gene b is repeated"),
    "two labels": (SOUND.replace("7,8,1", "7,8,0"), 4, "gene b has label 0 here and 1 above"),
    "label 2": (SOUND.replace("7,8,1", "7,8,2"), 4, "label '2' is not 0 or 1"),
    "label text": (SOUND.replace("7,8,1", "7,8,high"), 4, "label 'high' is not 0 or 1"),
    "no label": (SOUND.replace("7,8,1", "7,8,"), 4, "label '' is not 0 or 1"),
    "no gene": (SOUND.replace("b,", ","), 3, "gene identifier is empty"),
    "long identifier": (SOUND.replace("b,", "b" * 300 + ","), 3, "identifier of 300 bytes"),
    "not UTF-8": (SOUND.encode().replace(b"b,", b"\xff,"), 3, r"gene '\\\\xff' is not UTF-8"),
    "UTF-16": (SOUND.encode("utf-16"), 1, "NUL byte"),
    "blank line": (SOUND.replace("b,1", "\nb,1"), 3, "blank line before the last gene"),
    "blank first line": ("\n" + SOUND, 1, "blank line"),
    "carriage return": (SOUND.replace("b,1", "b\r,1"), 3, "carriage return"),
    "empty": ("", None, "is empty"),
    "only blank lines": ("\n\r\n", None, "is empty"),
}


@pytest.mark.parametrize(
    "copies", [SOUND + "b,1,5,6,1\nb,2,7,8,1\n", SOUND + SOUND], ids=["adjacent", "apart"]
)
def test_a_gene_that_comes_again_unchanged_is_kept_once(tmp_path, copies):
    write(tmp_path, train=copies + "c,1,1,1,0\nc,2,2,2,0\n")
    with pytest.warns(HistoexprWarning, match=r"train\.csv: . gene\(s\) are repeated"):
        data = read(tmp_path)
    assert data.gene.tolist() == ["a", "b", "c"]
    assert data.X.tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[1, 1], [2, 2]]]


@pytest.mark.parametrize("block", [8, 1 << 19], ids=["small blocks", "one block"])
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_and_its_line(tmp_path, monkeypatch, fault, block):
    text, line, message = FAULTS[fault]
    monkeypatch.setattr(_deepchrome_parse, "BLOCK_BYTES", block)
    write(tmp_path, train=text)
    with pytest.raises(DataFormatError, match=message) as caught:
        read(tmp_path)
    assert caught.value.line == line
    file = tmp_path / "E003" / "classification" / "train.csv"
    assert str(caught.value).startswith(f"{file}, line {line}: " if line else f"{file}: ")


def test_fault_far_down_a_large_file(tmp_path):
    lines = [f"g{g:05d},{b},{b},0,{g % 2}" for g in range(3000) for b in range(1, 11)]
    lines[29_123] = lines[29_123].replace(",0,", ",-1,")
    with pytest.raises(DataFormatError, match="is negative") as caught:
        read(write(tmp_path, train="\n".join(lines)))
    assert caught.value.line == 29_124


def test_line_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(_deepchrome_parse, "LONGEST_LINE", 1000)
    monkeypatch.setattr(_deepchrome_parse, "BLOCK_BYTES", 100)
    with pytest.raises(DataFormatError, match="more than 1,000 bytes") as caught:
        read(write(tmp_path, train=SOUND + "x" * 5000))
    assert caught.value.line == 5


# -- faults between files ------------------------------------------------------------------


def test_gene_in_two_splits_of_a_cell(tmp_path):
    write(tmp_path, train=SOUND, test="c,1,1,1,0\nc,2,1,1,0\nb,1,5,6,1\nb,2,7,8,1\n")
    folder = tmp_path / "E003" / "classification"
    with pytest.raises(DataFormatError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"{folder / 'test.csv'}, line 3: gene b of cell E003 is in {folder / 'train.csv'}, "
        "line 3 already."
    )
    write(tmp_path, test="c,1,1,1,0\nc,2,1,1,0\n")
    write(tmp_path, "E004", test=SOUND)  # another cell has its own genes
    assert read(tmp_path).gene.tolist() == ["a", "b", "c", "a", "b"]


def test_files_must_agree_in_marks_and_bins(tmp_path):
    write(tmp_path, train=SOUND, test="c,1,1,0\nc,2,1,0\n")
    with pytest.raises(DataFormatError, match=r"of 1 marks, but .*train.csv has 2") as caught:
        read(tmp_path)
    assert str(caught.value.path).endswith("test.csv")
    assert caught.value.line == 1
    write(tmp_path, test="c,1,1,1,0\nc,2,1,1,0\nc,3,1,1,0\n")
    with pytest.raises(DataFormatError, match=r"3 bins a gene, but .*train.csv has 2") as caught:
        read(tmp_path)
    assert caught.value.line == 3


def test_unknown_names_list_what_is_there(tmp_path):
    write(tmp_path, "E003", train=SOUND, test="c,1,1,1,0\nc,2,1,1,0\n")
    write(tmp_path, "E004", train=SOUND)
    archive = pack_folder(tmp_path / "set.tar", tmp_path, "set")
    for source in (tmp_path, archive):
        with pytest.raises(ValueError, match=r"No cell E005, X in .*; there are E003, E004\."):
            read(source, cells=["X", "E005", "E003"])
        with pytest.raises(ValueError, match=r"No split val in .*; there are test, train\."):
            read(source, splits="val")
        with pytest.raises(ValueError, match=r"Cell E004 has no test\.csv in"):
            read(source, splits="test")
        with pytest.raises(ValueError, match="cells is empty"):
            read(source, cells=[])
        with pytest.raises(ValueError, match="splits must be a name or a sequence of names"):
            read(source, splits=1)


def test_nothing_found(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"does not exist\. Expected a folder with <cell>/"
    ):
        read(tmp_path / "nowhere")
    with pytest.raises(DataFormatError, match=r"no file in the layout <cell>/.*; it is empty"):
        read(tmp_path)
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(DataFormatError, match=r"no file in the layout .*; it holds notes.txt"):
        read(tmp_path)
    with pytest.raises(DataFormatError, match=r"a \.tar or .tar.gz of it, or a .csv file"):
        read(tmp_path / "notes.txt")
    if os.path.exists(os.devnull):
        with pytest.raises(DataFormatError, match="expected a folder with"):
            read(os.devnull)
    archive = pack(tmp_path / "set.tar", {"E003/train.csv": b"a,1,1,0\n"}, "w")
    with pytest.raises(DataFormatError, match=r"no file in the layout .*holds E003/train\.csv"):
        read(archive)


# -- archives ------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz"])
@pytest.mark.parametrize("arcname", [".", "set", "a/b/" + "long/" * 30])
def test_archive_gives_what_the_folder_gives(tmp_path, suffix, arcname):
    folder = tmp_path / "set"
    write(folder, "E003", train=SOUND, test="c,1,1,1,0\nc,2,1,1,0\n")
    write(folder, "E004", valid=SOUND)
    (folder / "README").write_text("not data")
    archive = pack_folder(tmp_path / f"packed{suffix}", folder, arcname)
    assert_same(read(archive), read(folder))
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"packed{suffix}", "set"]


def test_archive_without_the_name_of_the_cell(tmp_path):
    archive = pack(tmp_path / "K562.tar.gz", {"./classification/train.csv": SOUND.encode()})
    assert read(archive).cells.tolist() == ["K562"]
    assert read(archive, cells="E123").cells.tolist() == ["E123"]


def test_fault_within_an_archive(tmp_path):
    files = {"x/E003/classification/test.csv": SOUND.replace("7,8", "7,z").encode()}
    archive = pack(tmp_path / "set.tar.gz", files)
    with pytest.raises(DataFormatError) as caught:
        read(archive)
    expected = f"{archive}::x/E003/classification/test.csv, line 4: count 'z' of mark 2"
    assert str(caught.value).startswith(expected)


def test_archive_with_a_file_twice(tmp_path):
    names = ["a/E003/classification/test.csv", "b/E003/classification/test.csv"]
    archive = pack(tmp_path / "set.tar.gz", dict.fromkeys(names, SOUND.encode()))
    with pytest.raises(DataFormatError, match=f"of cell E003 twice: {names[0]} and {names[1]}"):
        read(archive)


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("/etc/passwd", b"", "has an absolute path"),
        ("C:/windows/x", b"", "has an absolute path"),
        ("\\server\\x", b"", "has an absolute path"),
        ("a/../../x", b"", "leads out of the archive"),
        ("a\\..\\x", b"", "leads out of the archive"),
        ("x", special("x", tarfile.SYMTYPE, "/etc/passwd"), "is a link"),
        ("x", special("x", tarfile.LNKTYPE, "E003/classification/train.csv"), "is a link"),
        ("x", special("x", tarfile.CHRTYPE), "is a device"),
        ("x", special("x", tarfile.BLKTYPE), "is a device"),
        ("x", special("x", tarfile.FIFOTYPE), "is a device, a pipe"),
    ],
)
def test_unsafe_member_is_refused(tmp_path, name, content, fault):
    files = {"E003/classification/train.csv": SOUND.encode(), name: content}
    archive = pack(tmp_path / "set.tar.gz", files)
    with pytest.raises(DataFormatError, match=fault) as caught:
        read(archive)
    assert repr(name) in str(caught.value)
    assert caught.value.path == archive


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz"])
def test_truncated_archive(tmp_path, suffix):
    rng = np.random.default_rng(0)
    text = "".join(f"g{g},1,{c},0\n" for g, c in enumerate(rng.integers(0, 10**9, 2000)))
    names = [f"E00{n}/classification/train.csv" for n in (1, 2, 3)]
    mode = "w:gz" if suffix == ".tar.gz" else "w"
    whole = pack(tmp_path / f"whole{suffix}", dict.fromkeys(names, text.encode()), mode)
    content = whole.read_bytes()
    last = len(content) - 4 if mode == "w:gz" else len(content.rstrip(b"\0")) // 512 * 512 + 512
    cut = tmp_path / f"cut{suffix}"
    for size in [0, 1, 300, 512, *rng.integers(513, last, 20).tolist(), last]:
        cut.write_bytes(content[:size])
        with pytest.raises(DataFormatError, match="truncated") as caught:
            read(cut)
        assert str(caught.value.path).startswith(str(cut))


def test_damaged_header_is_not_the_end(tmp_path):
    names = [f"E00{n}/classification/train.csv" for n in (1, 2, 3)]
    archive = pack(tmp_path / "set.tar", dict.fromkeys(names, SOUND.encode()), "w")
    content = bytearray(archive.read_bytes())
    content[1024 + 3] ^= 1  # the second member's name
    archive.write_bytes(content)
    with pytest.raises(DataFormatError, match="damaged"):
        read(archive)


def test_damaged_byte_of_a_compressed_archive(tmp_path):
    rng = np.random.default_rng(0)
    text = "".join(f"g{g},1,{c},0\n" for g, c in enumerate(rng.integers(0, 1000, 3000)))
    archive = pack(tmp_path / "set.tar.gz", {"E003/classification/train.csv": text.encode()})
    content = archive.read_bytes()
    for place in rng.integers(20, len(content) - 8, 20):
        archive.write_bytes(
            content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        )
        with pytest.raises(DataFormatError):
            read(archive)


def test_archive_that_is_none(tmp_path):
    for content in (b"hello", SOUND.encode() * 100, gzip.compress(b"hello")):
        (tmp_path / "set.tar.gz").write_bytes(content)
        with pytest.raises(DataFormatError, match="cannot be read as a tar archive"):
            read(tmp_path / "set.tar.gz")


# -- cache ---------------------------------------------------------------------------------


def entries():
    root = os.environ["HISTOEXPR_CACHE"]
    return sorted(
        os.path.join(folder, name)
        for folder, _, names in os.walk(root)
        for name in names
        if name == "dataset.json"
    )


@pytest.fixture(params=["folder", "archive"])
def source(request, tmp_path):
    """A folder or an archive, and a function that replaces its content."""
    folder, archive = tmp_path / "set", tmp_path / "set.tar.gz"

    def fill(**texts):
        write(folder, **texts)
        pack_folder(archive, folder, "set")
        return folder if request.param == "folder" else archive

    return fill


def test_second_load_is_a_memory_map(source, monkeypatch):
    path = source(train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    first = load_deepchrome(path)
    monkeypatch.setattr(_deepchrome_parse, "_parse_block", None)  # nothing to parse with
    second = load_deepchrome(path)
    monkeypatch.undo()
    for data in (first, second):
        assert isinstance(data.X, np.memmap)
        assert not data.X.flags.writeable
        assert_same(data, read(path))
        assert data.meta == {"source": str(path)}


def test_nothing_is_written_beside_the_source(source, tmp_path):
    load_deepchrome(source(train=SOUND))
    assert sorted(item.name for item in tmp_path.iterdir()) == ["set", "set.tar.gz"]
    assert len(entries()) == 1


def test_no_cache_writes_nothing(source):
    data = read(source(train=SOUND))
    assert not isinstance(data.X, np.memmap)
    assert data.X.flags.writeable
    assert os.listdir(os.environ["HISTOEXPR_CACHE"]) == []


def test_changed_source_is_read_again_and_the_old_entry_removed(source):
    load_deepchrome(source(train=SOUND))
    path = source(train=SOUND.replace("7,8", "9,8"))  # of the same size
    assert load_deepchrome(path).X.max() == 9
    path = source(train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")  # a file more
    assert load_deepchrome(path).n_samples == 3
    assert len(entries()) == 1


def test_change_with_the_time_set_back(tmp_path):
    file = write(tmp_path, train=SOUND) / "E003" / "classification" / "train.csv"
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    load_deepchrome(tmp_path)
    file.write_text(SOUND.replace("7,8", "9,8"))
    os.utime(file, ns=times)
    assert load_deepchrome(tmp_path).X.max() == 9


def test_selections_are_cached_apart(source):
    path = source(train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    for _ in range(2):
        assert load_deepchrome(path).n_samples == 3
        assert load_deepchrome(path, splits="test").n_samples == 1
        assert load_deepchrome(path, splits=["test", "train"]).n_samples == 3
        assert load_deepchrome(path, splits=["train", "test"]).n_samples == 3
    assert len(entries()) == 3


@pytest.mark.parametrize("name", ["X.npy", "y.npy", "gene.npy", "dataset.json"])
@pytest.mark.parametrize("damage", ["cut", "remove", "rubbish"])
def test_damaged_cache_is_rebuilt(tmp_path, name, damage):
    write(tmp_path, train=SOUND)
    load_deepchrome(tmp_path)
    file = os.path.join(os.path.dirname(entries()[0]), name)
    if damage == "cut":
        os.truncate(file, os.path.getsize(file) // 2)
    elif damage == "remove":
        os.remove(file)
    else:
        with open(file, "wb") as handle:
            handle.write(b"[1]" * 50)
    for _ in range(2):
        data = load_deepchrome(tmp_path)
        assert_same(data, read(tmp_path))
        assert isinstance(data.X, np.memmap)


def test_cache_that_cannot_be_written(tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("HISTOEXPR_CACHE", str(blocked))
    path = write(tmp_path / "set", train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    assert_same(load_deepchrome(path), read(path))


def test_disk_that_is_full(tmp_path, monkeypatch):
    path = write(tmp_path / "set", train=SOUND, test="c,1,300,2,0\nc,2,3,4,0\n")
    expected = read(path)

    def refuse(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array_header_1_0", refuse)
    monkeypatch.setattr(np, "save", refuse)
    assert_same(load_deepchrome(path), expected)
    assert entries() == []


def test_fault_leaves_no_entry(source):
    path = source(train=SOUND, test="rubbish")
    for _ in range(2):
        with pytest.raises(DataFormatError):
            load_deepchrome(path)
    assert entries() == []
    leftover = [f for _, _, files in os.walk(os.environ["HISTOEXPR_CACHE"]) for f in files]
    assert leftover == []


def test_loads_at_the_same_time(source):
    path = source(train=SOUND, test="c,1,1,2,0\nc,2,3,4,0\n")
    expected, results = read(path), []
    start = threading.Barrier(8)

    def load():
        start.wait()
        try:
            results.append(load_deepchrome(path))
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for data in results:
        assert isinstance(data, HistoneDataset), data
        assert_same(data, expected)
    assert len(results) == 8
    assert len(entries()) == 1
    assert_same(load_deepchrome(path), expected)


def test_source_that_changes_while_it_is_read_is_not_cached(tmp_path, monkeypatch):
    file = write(tmp_path, train=SOUND) / "E003" / "classification" / "train.csv"
    parse = _deepchrome_parse._assemble

    def change(blocks, name):
        file.write_text(SOUND.replace("7,8", "10,8"))
        return parse(blocks, name)

    monkeypatch.setattr(_deepchrome_parse, "_assemble", change)
    assert load_deepchrome(tmp_path).X.max() == 8
    assert entries() == []


# -- saving --------------------------------------------------------------------------------


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


# -- real data -----------------------------------------------------------------------------


def test_real_counts(shared_data, tmp_path):
    folder = shared_data / "counts" / "deepchrome_csv"
    archive = pack_folder(tmp_path / "set.tar.gz", folder, "deepchrome_csv")
    for source in (folder, archive):
        data = load_deepchrome(source)
        assert data.cells.tolist() == ["E003", "E123"]
        assert data.marks == MARKS
        for cell in data.cells:
            reference = np.load(shared_data / "counts" / f"{cell}.npz", allow_pickle=False)
            part = data.select(cells=cell)
            np.testing.assert_array_equal(part.X, reference["X"])
            np.testing.assert_array_equal(part.y, reference["y"])
            assert [f"ENSG00000{gene}" for gene in part.gene] == reference["gene_id"].tolist()
            assert part.split.tolist() == ["train"] * 200 + ["valid"] * 100 + ["test"] * 100


def test_real_files_are_written_byte_for_byte(shared_data, tmp_path):
    folder = shared_data / "counts" / "deepchrome_csv"
    save_deepchrome(read(folder), tmp_path / "set")
    for file in folder.rglob("*.csv"):
        assert (tmp_path / "set" / file.relative_to(folder)).read_bytes() == file.read_bytes()


def test_toy_set(shared_data):
    folder = shared_data / "toy_deepchrome"
    data = read(folder)
    assert data.X.shape == (30, 100, 5)
    assert data.gene[0] == "000003"
    assert data.X[0, 1].tolist() == [1, 2, 2, 8, 0]
    assert data.y[:10].mean() == 0.5
    assert data.split.tolist() == ["train"] * 10 + ["valid"] * 10 + ["test"] * 10
    assert read(folder / "classification", cells="E003").cells.tolist() == ["E003"]
