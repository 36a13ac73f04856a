"""The labels of the DeepChrome benchmark: numbers compared as text."""

import numpy as np


def text_labels(values):
    """Compare values of shape (n_genes,) or (n_genes, n_cells) with their median as text."""
    if values.min() < 0:
        raise ValueError(
            "DeepChrome's comparison of text is defined for RPKM, which is never negative."
        )
    median = np.char.mod("%.3f", np.median(values, axis=0))
    return (np.char.mod("%.3f", values) > median).astype(np.int64)
