"""Parser of DeepChrome CSV text: numbers, genes, blocks and repeated genes."""

import numpy as np
import pytest

from histoexpr.datasets import save_deepchrome
from histoexpr.datasets.deepchrome import _parse
from histoexpr.exceptions import DataFormatError, HistoexprWarning
from support.deepchrome_files import SOUND, assert_same, random_dataset, read, write


@pytest.mark.parametrize(
    ("top", "dtype"), [(255, "u1"), (256, "u2"), (65535, "u2"), (65536, "u4"), (2**33, "u8")]
)
def test_smallest_dtype(tmp_path, top, dtype):
    data = read(write(tmp_path, train=f"a,1,{top},0\nb,1,9,1\n"))
    assert data.X.dtype == np.dtype(dtype)
    assert data.X.ravel().tolist() == [top, 9]


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
    monkeypatch.setattr(_parse, "BLOCK_BYTES", block)
    data = read(write(tmp_path, train=text))
    np.testing.assert_array_equal(data.X.ravel(), np.arange(1, 9))
    assert data.gene.tolist() == ["a", "b"]
    assert data.y.tolist() == [0, 1]


@pytest.mark.parametrize("block", [1, 10, 64, 1000])
def test_blocks_of_any_size_give_the_same(tmp_path, monkeypatch, block):
    data = random_dataset(4)
    save_deepchrome(data, tmp_path / "set")
    monkeypatch.setattr(_parse, "BLOCK_BYTES", block)
    assert_same(read(tmp_path / "set"), data)


def test_genes_that_share_a_beginning_are_kept_apart(tmp_path):
    genes = ["ENSG00000000001", "ENSG00000000002", "ENSG000000000021", "ENSG0000000000211", "E"]
    text = "".join(f"{gene},{b},{b},1\n" for gene in genes for b in (1, 2))
    assert read(write(tmp_path, train=text)).gene.tolist() == genes


@pytest.mark.parametrize(
    "copies", [SOUND + "b,1,5,6,1\nb,2,7,8,1\n", SOUND + SOUND], ids=["adjacent", "apart"]
)
def test_a_gene_that_is_repeated_unchanged_is_kept_once(tmp_path, copies):
    write(tmp_path, train=copies + "c,1,1,1,0\nc,2,2,2,0\n")
    with pytest.warns(HistoexprWarning, match=r"train\.csv: . gene\(s\) are repeated"):
        data = read(tmp_path)
    assert data.gene.tolist() == ["a", "b", "c"]
    assert data.X.tolist() == [[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[1, 1], [2, 2]]]


def test_line_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(_parse, "LONGEST_LINE", 1000)
    monkeypatch.setattr(_parse, "BLOCK_BYTES", 100)
    with pytest.raises(DataFormatError, match="more than 1,000 bytes") as caught:
        read(write(tmp_path, train=SOUND + "x" * 5000))
    assert caught.value.line == 5
