"""Expression tables as text, written by tests."""

import gzip

import numpy as np

GENES = ["ENSG00000000003", "ENSG00000000005", "ENSG00000000419"]


CELLS = ["E000", "E003", "E004"]


VALUES = np.array([[23.265, 43.985, 37.413], [0.872, 1.642, 6.498], [55.208, 35.259, 58.308]])


def write(path, text, *, compress=False):
    data = text.encode()
    path.write_bytes(gzip.compress(data) if compress else data)
    return path


def lines_of(sep="\t", *, corner="gene_id", trailing="", header_trailing="", end="\n"):
    header = sep.join([*([] if corner is None else [corner]), *CELLS]) + header_trailing
    rows = [
        sep.join([gene, *(f"{value:.3f}" for value in row)]) + trailing
        for gene, row in zip(GENES, VALUES, strict=True)
    ]
    return end.join([header, *rows, ""])


def assert_is_the_table(table):
    assert table.values.dtype == np.float64
    np.testing.assert_array_equal(table.values, VALUES)
    assert table.genes.tolist() == GENES
    assert table.cells.tolist() == CELLS
