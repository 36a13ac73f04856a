"""Tables: as text, as CSV, and as what computations return."""

import gzip
import html
from pathlib import Path

from ._atomic_files import atomic_path

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
    whether the index makes the first columns.
    """
    separator = "\t" if ".tsv" in Path(path).suffixes else ","
    with atomic_path(path) as temporary, open(temporary, "wb") as stream:
        if temporary.suffix == ".gz":
            # without a name and a time, so that the same table gives the same bytes
            stream = gzip.GzipFile("", "wb", fileobj=stream, mtime=0)
        with stream:
            frame.to_csv(stream, sep=separator, index=index, lineterminator="\n", mode="wb")


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
            An existing file is replaced. Compressed if the name ends in ``.gz``.
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
