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
        ('name,number\n"open,1\nb,2\n', "line 2: the line has only 1 fields"),
    ],
)
def test_the_line_at_fault_is_named(tmp_path, text, message):
    path = tmp_path / "table"
    path.write_text(text)
    with pytest.raises(DataFormatError, match=message):
        read_text_table(path, places)
