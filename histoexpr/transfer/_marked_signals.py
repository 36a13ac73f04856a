"""Signals of which some samples lack some marks."""

import numpy as np

from ..utils import known_names, shorten


class MarkedSignals:
    """Signals, and which of the marks of ``fit`` each sample has.

    A mark is missing for a sample if it is NaN in all of its bins, or for all samples if a data
    set, or a frame with ``mark:bin`` columns, does not have it.

    Parameters
    ----------
    source : SignalSource
        What was passed.
    values : ndarray of shape (n_samples, n_bins, n_columns)
        Its checked values.
    marks : list of str
        The marks of ``fit``.
    columns : list of int or None
        The column of ``values`` that has each of them, None if there is none.
    """

    def __init__(self, source, values, marks, columns):
        self.source, self.values, self.marks, self.columns = source, values, marks, columns
        self.present = np.zeros((len(values), len(marks)), dtype=bool)
        for number, column in enumerate(columns):
            if column is not None:
                self.present[:, number] = self._has(column, marks[number])

    def _has(self, column, mark):
        """Return for which samples a mark is there; refuse samples with a part of it."""
        values = self.values[:, :, column]
        if values.dtype.kind != "f":
            return np.ones(len(values), dtype=bool)
        missing = np.isnan(values)
        some, every = missing.any(axis=1), missing.all(axis=1)
        if (some & ~every).any():
            row = int((some & ~every).argmax())
            raise ValueError(
                f"{self.source.name} holds NaN in {missing[row].sum()} of {values.shape[1]} bins "
                f"of mark {mark} for {self.name_sample(row)}. A mark that was not measured is NaN "
                "in all bins of the sample; there is no model of single missing bins: fill them "
                "in, or leave the sample out."
            )
        return ~every

    def rows_with(self, marks):
        """Return the numbers of the samples that have all of some marks, by their numbers."""
        return np.flatnonzero(self.present[:, list(marks)].all(axis=1))

    def name_sample(self, row):
        """Return how messages call a sample."""
        data = self.source.dataset
        known = "" if data is None else f" (gene {data.gene[row]}, cell {data.cell[row]})"
        return f"sample {row}{known}"

    def part(self, rows, marks):
        """Return some samples with some marks, by their numbers, as X came: a data set is one.

        Of an array of two axes, an array of two axes; of a frame, an array of three.
        """
        columns = [self.columns[mark] for mark in marks]
        everything = columns == list(range(self.values.shape[-1]))
        data = self.source.dataset
        if data is not None:
            part = data if len(rows) == len(data) else data.take(rows)
            return part if everything else part.select(marks=[data.marks[c] for c in columns])
        part = self.values if len(rows) == len(self.values) else self.values[rows]
        if self.source.is_flat:
            return part[:, :, 0]
        return part if everything else part[:, :, columns]


def find_columns(marks, found):
    """Return the column of each mark of ``fit``, None if it is not there, and unknown marks.

    ``found`` are the names that X brings. Names that differ in upper and lower case only are the
    same mark, if that is not ambiguous.
    """
    found = known_names(found)
    folded = [mark.casefold() for mark in found]
    columns = []
    for mark in marks:
        if mark in found:
            columns.append(found.index(mark))
        elif folded.count(mark.casefold()) == 1:
            columns.append(folded.index(mark.casefold()))
        else:
            columns.append(None)
    return columns, [mark for at, mark in enumerate(found) if at not in columns]


def describe_mismatch(name, marks, columns, unknown):
    """Return what to say of marks that are missing while others are unknown, or None."""
    missing = [mark for mark, column in zip(marks, columns, strict=True) if column is None]
    if not (missing and unknown):
        return None
    return (
        f"{name} lacks {shorten(missing)} and has {shorten(unknown)}, which the model does not "
        "know and leaves out. If these are the same marks, give them the same names."
    )
