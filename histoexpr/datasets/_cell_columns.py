"""Which columns of an expression table belong to the cells that are wanted."""

import os
import re

import numpy as np

from ..utils import shorten
from ._expression_layouts import is_measure
from ._expression_table import ExpressionTable

# What aligners and counters put behind the name of a sample
_FILE = re.compile(
    r"([._](sorted|sort|markdup|dedup|rmdup|filtered|aligned))*([._]?Aligned[.\w]*)?"
    r"\.(bam|sam|cram|sf|results|tab|tsv|txt|genes)$",
    re.IGNORECASE,
)
_REPLICATE = re.compile(r"(.+?)[._ -](?:(?:bio)?(?:replicate|rep)|r)[._ -]?\d+", re.IGNORECASE)
_NUMBERED = re.compile(r"(.+?)[._ -]\d+")


def sample_name(column):
    """Return the name of a sample from that of a column: without folder and ending of a file."""
    return _FILE.sub("", os.path.basename(column.replace("\\", "/")))


def pool_columns(values, columns, replicates):
    """Average the columns of replicates: those of one name, or that end in ``_REP1``, ``_REP2``.

    Returns values and names. ``replicates="refuse"`` raises ValueError for columns of one name
    and leaves the others as they are.
    """
    groups = {}
    for place, column in enumerate(columns):
        found = _REPLICATE.fullmatch(sample_name(column)) if replicates == "pool" else None
        groups.setdefault(found[1] if found else column, []).append(place)
    if replicates != "pool":
        for column, places in groups.items():
            if len(places) > 1:
                raise ValueError(
                    f"the cell {column!r} has {len(places)} columns. Rename them, or average them "
                    "with replicates='pool' (--replicates pool)."
                )
        return values, list(columns)
    pooled = [values[:, places].mean(axis=1) for places in groups.values()]
    return np.column_stack(pooled), list(groups)


def select_cells(table, cells, replicates="refuse"):
    """Return the part of an ExpressionTable for some cells, and how their columns were found.

    A cell is found under its name; under the name of a file, such as ``E003.bam``; if a table has
    one column, called by a measure such as TPM, and one cell is wanted, as that; or as several
    columns ``E003_REP1``, ``E003_2``, which ``replicates="pool"`` averages. The second result is a
    dict of cell to the columns taken, for those not found under their name.
    """
    columns = table.cells.tolist()
    if len(cells) == len(columns) == 1 and cells[0] not in columns and is_measure(columns[0]):
        return _called(table, table.values, cells), {cells[0]: columns}
    samples = [sample_name(column) for column in columns]
    values, found, absent = [], {}, []
    for cell in cells:
        places = [number for number, column in enumerate(columns) if column == cell]
        places = places or [n for n, sample in enumerate(samples) if sample == cell]
        if not places:
            places = [n for n, sample in enumerate(samples) if _is_replicate(sample, cell)]
        if len(places) > 1 and replicates != "pool":
            raise ValueError(
                f"cell {cell} has the columns {shorten([columns[n] for n in places])}. "
                "Average them with replicates='pool' (--replicates pool), or name one column for "
                f"the cell: --cells {cell}={columns[places[0]]}."
            )
        if not places:
            absent.append(cell)
            continue
        values.append(table.values[:, places].mean(axis=1))
        if [columns[n] for n in places] != [cell]:
            found[cell] = [columns[n] for n in places]
    if absent:
        raise ValueError(
            f"no expression for cell {shorten(absent)}; the table has {shorten(columns)}. Use the "
            "same names in the table of tracks and in the expression table, or say which column a "
            f"cell has: --cells {absent[0]}={columns[0]} (in Python "
            f"read_expression(path, cells={{{absent[0]!r}: {columns[0]!r}}}))."
        )
    return _called(table, np.column_stack(values), cells), found


def _is_replicate(sample, cell):
    for pattern in (_REPLICATE, _NUMBERED):
        match = pattern.fullmatch(sample)
        if match and match[1] == cell:
            return True
    return False


def _called(table, values, cells):
    return ExpressionTable(values, table.genes, cells, unit=table.unit)
