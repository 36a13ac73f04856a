"""Tables with a header, tab- or comma-separated, as frames of text with line numbers."""

import csv

import pandas as pd

from ..exceptions import DataFormatError
from ..utils import text_lines


def read_text_table(path, find_columns, *, comment="#"):
    """Read the wanted columns of a table as text; nothing is taken for a number.

    ``find_columns`` takes the names in the header and returns the wanted ones with their places.
    Values come without surrounding blanks; the index holds 1-based line numbers. An empty table
    and the first line that is too short are refused.
    """
    lines = [(n, t) for n, t in text_lines(path) if t.strip() and not t.startswith(comment)]
    if not lines:
        raise DataFormatError("the table is empty.", path)
    delimiter = "\t" if "\t" in lines[0][1] else ","
    # one by one, so that an open quote cannot swallow the lines that follow
    rows = [next(csv.reader([text], delimiter=delimiter)) for _, text in lines]
    header = rows.pop(0)
    places = find_columns([name.strip().lstrip("#") for name in header])
    numbers = [number for number, _ in lines[1:]]
    for number, row in zip(numbers, rows, strict=True):
        if len(row) <= max(places.values()):
            raise DataFormatError(
                f"the line has only {len(row)} fields, but the header has {len(header)}.",
                path,
                number,
            )
    values = [[row[place].strip() for place in places.values()] for row in rows]
    return pd.DataFrame(values, index=numbers, columns=list(places), dtype=object)
