"""Names of marks, alone and in columns called ``mark:bin``."""

import re
from typing import NamedTuple

from ._sklearn import InvalidParameterError
from ._values import describe, shorten

_COLUMN = re.compile(r"(?P<mark>.+):(?P<bin>-?\d+)")


class SignalColumns(NamedTuple):
    """Positions of ``mark:bin`` columns, bin by bin and mark by mark, and what they hold.

    Bins are in increasing order, marks in order of first appearance.
    """

    order: list
    bins: list
    marks: list


def parse_signal_columns(names):
    """Read feature names of the form ``mark:bin``, in any order; None if no name has it.

    Names of which only some have the form, repeated names, and a mark that lacks a bin of another
    one are refused.
    """
    found = [_COLUMN.fullmatch(name) if isinstance(name, str) else None for name in names]
    if not any(found):
        return None
    if not all(found):
        others = [name for name, match in zip(names, found, strict=True) if not match]
        raise ValueError(
            f"Some columns are called mark:bin, but {shorten(others)} "
            f"{'is' if len(others) == 1 else 'are'} not. Leave out the columns that hold no "
            "signal, such as gene names and labels."
        )
    position = {}
    for column, match in enumerate(found):
        key = match["mark"], int(match["bin"])
        if key in position:
            raise ValueError(f"Column {key[0]}:{key[1]} appears twice in X.")
        position[key] = column
    marks = list(dict.fromkeys(mark for mark, _ in position))
    bins = sorted({number for _, number in position})
    missing = [f"{m}:{b}" for b in bins for m in marks if (m, b) not in position]
    if missing:
        raise ValueError(
            f"X has columns for {len(marks)} marks and {len(bins)} bins, but lacks "
            f"{shorten(missing)}. Every mark needs every bin."
        )
    return SignalColumns([position[m, b] for b in bins for m in marks], bins, marks)


def check_marks(marks, n_marks):
    """Return one distinct name per mark, ``mark1`` ... by default."""
    if marks is None:
        return [f"mark{number}" for number in range(1, n_marks + 1)]
    try:
        marks = [str(mark) for mark in ([marks] if isinstance(marks, str) else marks)]
    except TypeError as error:
        raise InvalidParameterError(
            f"marks must be a sequence of {n_marks} names, one for each mark in X, got "
            f"{describe(marks)}."
        ) from error
    if len(marks) != n_marks:
        raise ValueError(f"{len(marks)} mark names ({', '.join(marks)}) for {n_marks} marks in X.")
    if len(set(marks)) != n_marks:
        raise ValueError(f"Mark names are not distinct: {', '.join(marks)}.")
    return marks
