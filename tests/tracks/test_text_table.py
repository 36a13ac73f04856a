"""Tables as text: line numbers, leading zeros, short lines."""

import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks._text_table import read_text_table


def places(names):
    return {"name": names.index("name"), "number": names.index("number")}


@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_text_stays_text_and_lines_keep_their_numbers(tmp_path, delimiter):
    path = tmp_path / "table"
    lines = ["# comment", "name,other,number", "a, x ,007", "", '"b, c",NA,1_0', "NA,,"]
    path.write_text("\n".join(lines).replace(",", delimiter).replace(f'"b{delimiter}', '"b,'))
    table = read_text_table(path, places)
    assert table.index.tolist() == [3, 5, 6]
    assert table["name"].tolist() == ["a", "b, c", "NA"]
    assert table["number"].tolist() == ["007", "1_0", ""]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# only\n", "the table is empty"),
        ("name,other,number\na,b,c\nd,e\n", "line 3: the line has only 2 fields.*header has 3"),
        ('name,number\n"open,1\nb,2\n', "line 2: quotation marks do not match in '\"open,1'"),
        ('name\tnumber\nb\t1\na\t"300\n', "line 3: quotation marks do not match"),
        ('name,number\n"a"b,1\n', "line 2: quotation marks do not match"),
        ("name,number\na,1,2\n", "line 2: the line has 3 fields, but the header only 2"),
        (f"name,number\n{'a' * 140_000},1\n", "line 2: a field has more than 131,072"),
    ],
)
def test_the_line_at_fault_is_named(tmp_path, text, message):
    path = tmp_path / "table"
    path.write_text(text)
    with pytest.raises(DataFormatError, match=message):
        read_text_table(path, places)


def test_blanks_separate_where_there_are_no_tabs_and_commas(tmp_path):
    path = tmp_path / "table"
    path.write_text("name  number\na 1\nb   02\n")
    table = read_text_table(path, places)
    assert table["name"].tolist() == ["a", "b"]
    assert table["number"].tolist() == ["1", "02"]
    path.write_text("name,number\na,1,\n")  # an empty field more is no fault
    assert read_text_table(path, places)["number"].tolist() == ["1"]
