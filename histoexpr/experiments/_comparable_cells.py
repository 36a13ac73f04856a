"""Cells made comparable in a fit: signals before it, or predictions after it."""

import numpy as np

from ..preprocessing import CellNormalizer

# Fewer predictions have no distribution to speak of, and stay
_LEAST = 10


class ComparableSignals:
    """Signals of a data set, normalised as a fit may see them; rows are taken as of a data set.

    Training cells have the distributions of their training rows, test cells that are not trained
    on those of all their signals. ``as_arrays`` gives the bare array.
    """

    def __init__(self, dataset, method, rows, test_cells, *, as_arrays):
        self._dataset, self._as_arrays = dataset, as_arrays
        self._normalizer = CellNormalizer(method).fit(dataset[np.unique(rows)])
        new = sorted(set(test_cells) - set(self._normalizer.cells_.tolist()))
        for cell in new:  # one at a time bounds the memory
            self._normalizer.learn_cells(dataset[np.flatnonzero(dataset.cell == cell)])

    def __getitem__(self, rows):
        part = self._normalizer.transform(self._dataset[rows])
        return part.X if self._as_arrays else part


def comparable_predictions(predicted, training, y):
    """Return predictions of a cell that was not trained on as those for training samples.

    ``y`` are the labels of these, 0 and 1, where predictions are probabilities, else None.
    """
    if len(predicted) < _LEAST:
        return predicted
    share = None if y is None else np.clip(np.mean(y), 1e-6, 1 - 1e-6)
    from ..transfer import match_predictions  # loads torch

    return match_predictions(predicted, training, share=share)
