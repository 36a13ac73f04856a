"""A few counts of two marks, as an array and as a frame."""

import numpy as np
import pandas as pd

COUNTS = np.random.default_rng(0).poisson(3, size=(6, 4, 2)).astype(np.uint16)


def frame(X=COUNTS, marks=("H3K4me3", "H3K27me3"), bins=(1, 2, 3, 4), order=None):
    columns = [f"{mark}:{number}" for number in bins for mark in marks]
    table = pd.DataFrame(X.reshape(len(X), -1), columns=columns)
    return table if order is None else table.iloc[:, order]
