"""Faults of a DeepChrome CSV file: what is wrong, and in which line."""

import pytest

from histoexpr.datasets.deepchrome import _parse
from histoexpr.exceptions import DataFormatError
from support.deepchrome_files import SOUND, read, write

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


@pytest.mark.parametrize("block", [8, 1 << 19], ids=["small blocks", "one block"])
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_and_its_line(tmp_path, monkeypatch, fault, block):
    text, line, message = FAULTS[fault]
    monkeypatch.setattr(_parse, "BLOCK_BYTES", block)
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
