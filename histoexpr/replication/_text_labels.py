"""The labels of the DeepChrome benchmark: numbers compared as text.

Found in the published files (Zenodo record 2652278), whose labels it gives exactly.
"""

import numpy as np


def text_labels(values):
    """Compare expression with its median as text, both written with three decimals.

    ``values`` are RPKM of shape (n_genes,) or (n_genes, n_cells). The label is 1 where the text of
    a value sorts after that of the median of its cell, else 0. Logarithms have no published
    counterpart: negative values are refused.
    """
    if values.min() < 0:
        raise ValueError(
            "DeepChrome's comparison of text is defined for RPKM, which is never negative."
        )
    median = np.char.mod("%.3f", np.median(values, axis=0))
    return (np.char.mod("%.3f", values) > median).astype(np.int64)
