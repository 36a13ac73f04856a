"""The identity of a data set, whatever the place where it is kept."""

import hashlib
import json

import numpy as np

from ..utils import split_batches, to_json

_COLUMNS = ("X", "y", "cell", "gene", "chrom", "tss", "strand", "expression", "split")
_HASHED = 4096


def hash_dataset(dataset):
    """Return the SHA-256 of the content of a data set, wherever it is kept."""
    total = hashlib.sha256()
    about = [dataset.marks, dataset.bin_size, dataset.window, dataset.oriented, dataset.meta]
    total.update(json.dumps(to_json(about), sort_keys=True).encode())
    for name in _COLUMNS:
        values = getattr(dataset, name)
        if values is not None:
            total.update(f"{name} {values.dtype.str} {values.shape}".encode())
            for batch in split_batches(len(values), _HASHED):
                total.update(np.ascontiguousarray(values[batch]).data)
    return total.hexdigest()
