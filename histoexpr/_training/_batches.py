"""Batches of signals, targets and weights, cut from one array."""

import numpy as np
import torch

from ..utils import as_float32, split_batches


class SignalDataset(torch.utils.data.Dataset):
    """Some rows of an array of signals, sliced by the batch and never copied whole.

    ``X`` is (n_samples, n_bins, n_marks), of any real dtype, possibly a memory map; ``y`` and
    ``sample_weight`` have one value for each of its samples, whether in ``rows`` (default all)
    or not. Weights are scaled to a mean of one over the rows used. With a RandomState
    ``flip_rng``, every sample of a batch is reversed along the bins with probability 1/2.
    """

    def __init__(self, X, y=None, sample_weight=None, rows=None, flip_rng=None):
        self.X, self.flip_rng = X, flip_rng
        self.rows = np.arange(len(X)) if rows is None else rows
        self.y = np.zeros(len(X), dtype=np.int64) if y is None else y
        if sample_weight is not None:
            mean = np.mean(sample_weight[self.rows])
            sample_weight = (sample_weight / mean).astype(np.float32)
        self.sample_weight = sample_weight

    def __len__(self):
        return len(self.rows)

    def targets(self):
        """Return the targets of all samples: class numbers or values."""
        return self.y[self.rows]

    def __getitem__(self, index):
        """Return one sample; for skorch's own loader."""
        row = self.rows[index]
        return np.asarray(self.X[row], dtype=np.float32), self.y[row]

    def batch(self, index):
        """Return as tensors the signals, and ``y`` or where there are weights ``(y, weight)``."""
        rows = self.rows[index]
        signals = as_float32(self.X[rows])
        if self.flip_rng is not None:
            flipped = self.flip_rng.random_sample(len(signals)) < 0.5
            signals[flipped] = signals[flipped, ::-1]
        signals = torch.from_numpy(signals)
        target = torch.from_numpy(self.y[rows])
        if self.sample_weight is None:
            return signals, target
        return signals, (target, torch.from_numpy(self.sample_weight[rows]))


class BatchIterator:
    """Iterate over a SignalDataset: with an ``rng`` in a new random order, otherwise in order."""

    def __init__(self, dataset, batch_size, rng=None):
        self.dataset, self.batch_size, self.rng = dataset, batch_size, rng

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        n_samples = len(self.dataset)
        order = None if self.rng is None else self.rng.permutation(n_samples)
        for rows in split_batches(n_samples, self.batch_size):
            yield self.dataset.batch(rows if order is None else order[rows])
