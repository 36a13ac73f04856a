"""Tables with a header, separated by tabs, commas or blanks, as text with line numbers."""

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
    delimiter = next((sign for sign in "\t," if sign in lines[0][1]), None)
    rows = [_fields(text, delimiter, path, number) for number, text in lines]
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
        if any(text.strip() for text in row[len(header) :]):
            raise DataFormatError(
                f"the line has {len(row)} fields, but the header only {len(header)}. Put a field "
                "that holds the separator in quotation marks.",
                path,
                number,
            )
    values = [[row[place].strip() for place in places.values()] for row in rows]
    return pd.DataFrame(values, index=numbers, columns=list(places), dtype=object)


def _fields(text, delimiter, path, number):
    """Split one line, at blanks without a delimiter; an open quote cannot swallow other lines."""
    if delimiter is None:
        return text.split()
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "limit" in str(error):
            fault = f"a field has more than {csv.field_size_limit():,} characters. Is it a table?"
        else:
            fault = (
                f"quotation marks do not match in {_shown(text)}. Close or remove them; a "
                "quotation mark within a quoted field is doubled."
            )
        raise DataFormatError(fault, path, number) from error


def _shown(text, limit=60):
    """Return the beginning of a line for a message, with control characters made visible."""
    return repr(text if len(text) <= limit else text[:limit] + "...")
