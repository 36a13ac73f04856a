"""Counts of five marks, as arrays and as a frame."""

import numpy as np

from histoexpr import Flattener

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]

rng = np.random.default_rng(0)

COUNTS = rng.negative_binomial(1, [0.5, 0.2, 0.3, 0.05, 0.6], size=(40, 20, 5)).astype(np.uint16)


def frame(marks=MARKS):
    flattener = Flattener(mark_names=marks).set_output(transform="pandas")
    table = flattener.fit_transform(COUNTS)
    table.index = [f"gene{number}" for number in range(40)]
    return table
