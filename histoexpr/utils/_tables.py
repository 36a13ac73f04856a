"""Tables: as text, as CSV, and as what computations return."""

import gzip
import html
from pathlib import Path

from ._atomic_files import atomic_path

# Rows that the text and HTML of a result show at the most
_SHOWN = 24


def format_table(lines, n_text):
    """Lay out a table as text.

    Parameters
    ----------
    lines : list of (list of str or None)
        The head and the rows; None makes an empty line.
    n_text : int
        Number of columns, the first ones, that are aligned to the left.

    Returns
    -------
    str
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

    Parameters
    ----------
    frame : pandas.DataFrame
    path : str or path-like
        An existing file is replaced. Compressed if the name ends in ``.gz``.
    index : bool, default=False
        Whether to write the index as the first columns.
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
        text = shown.to_string(
            max_rows=_SHOWN, index=_has_names(shown), float_format=_format, na_rep="–"
        )
        return f"{self._title()}\n{text}"

    def _repr_html_(self):
        shown = self._shown()
        table = shown.to_html(
            max_rows=_SHOWN, index=_has_names(shown), float_format=_format, na_rep="–", border=0
        )
        return f"<p>{html.escape(self._title())}</p>\n{table}"

    def to_csv(self, path):
        """Write the table as CSV, or TSV for a ``.tsv`` name, atomically.

        Parameters
        ----------
        path : str or path-like
            An existing file is replaced. Compressed if the name ends in ``.gz``.
        """
        write_csv(self.table, path, index=_has_names(self.table))


def _has_names(frame):
    return any(name is not None for name in frame.index.names)


def _format(value):
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:,.0f}"
