"""Tables: as text, as CSV, and as what computations return."""

import csv
import gzip
import html
import re

from ._atomic_files import atomic_path
from ._values import check_path

# Text that a spreadsheet would run, and what writing makes of it; a sign alone, as for a strand,
# is no formula
_FORMULA = re.compile(r"'*[=+\-@\t\r].", re.DOTALL)
# Rows that the text and HTML of a result show at the most
_SHOWN = 24


def format_table(lines, n_text):
    """Return a table as text, from its head and its rows; a row None makes an empty line.

    The first ``n_text`` columns are aligned to the left, the others to the right.
    """
    widths = [max(len(line[i]) for line in lines if line) for i in range(len(lines[0]))]
    text = []
    for line in lines:
        cells = [
            cell.ljust(width) if number < n_text else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line or (), widths, strict=False))
        ]
        text.append("  ".join(cells).rstrip())
    text.insert(1, "-" * max(map(len, text)))
    return "\n".join(text)


def write_csv(frame, path, *, index=False):
    """Write a DataFrame as CSV (TSV for a ``.tsv`` name), whole or not at all.

    An existing file is replaced. A name that ends in ``.gz`` is compressed. ``index`` states
    whether the index makes the first columns. Text that a spreadsheet would run as a formula gets
    an apostrophe in front, which :func:`read_text_cell` takes away.
    """
    path = check_path(path)
    separator = "\t" if path.name.removesuffix(".gz").endswith(".tsv") else ","
    frame = _quote_formulas(frame, index)
    options = {"sep": separator, "index": index, "lineterminator": "\n"}
    text = frame.to_csv(**options)
    if "\r" in text:  # written without quotes, and then read as the end of a line
        text = frame.to_csv(quoting=csv.QUOTE_NONNUMERIC, **options)
    with atomic_path(path) as temporary, open(temporary, "wb") as stream:
        if temporary.suffix == ".gz":
            # without a name and a time, so that the same table gives the same bytes
            stream = gzip.GzipFile("", "wb", fileobj=stream, mtime=0)
        with stream:
            stream.write(text.encode())


def read_text_cell(text):
    """Return the text that :func:`write_csv` was given for a cell, from what it wrote."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _quote_formulas(frame, index):
    quoted = frame.rename(columns=_write_text_cell, index=_write_text_cell if index else None)
    for place, dtype in enumerate(frame.dtypes):
        if dtype.kind == "O":  # objects, text and categories
            column = quoted.iloc[:, place].astype(object)
            quoted.isetitem(place, column.map(_write_text_cell, na_action="ignore"))
    return quoted


def _write_text_cell(value):
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


class Result:
    """Base of what computations return: one table, shown as text and in notebooks.

    A leaf sets or defines ``table``, a DataFrame, and may override :meth:`_title` (one line)
    and :meth:`_shown` (the rows to show).
    """

    def _title(self):
        return type(self).__name__

    def _shown(self):
        return self.table

    def __repr__(self):
        shown = self._shown()
        return f"{self._title()}\n{shown.to_string(**_layout(shown))}"

    def _repr_html_(self):
        shown = self._shown()
        return f"<p>{html.escape(self._title())}</p>\n{shown.to_html(border=0, **_layout(shown))}"

    def to_csv(self, path):
        """Write the table as CSV, or TSV for a ``.tsv`` name, atomically.

        Parameters
        ----------
        path : str or path-like
            An existing file is replaced. Compressed if the name ends in ``.gz``. Text that a
            spreadsheet would run as a formula (``=1+1``) gets an apostrophe in front.
        """
        write_csv(self.table, path, index=_has_names(self.table))


def _layout(frame):
    return {
        "max_rows": _SHOWN,
        "index": _has_names(frame),
        "float_format": lambda value: f"{value:.3f}" if abs(value) < 1000 else f"{value:,.0f}",
        "na_rep": "–",
    }


def _has_names(frame):
    return any(name is not None for name in frame.index.names)
