"""Audits of labels as an array of genes by cells."""

import numpy as np

from histoexpr.labels import audit_labels

CELLS = ["E003", "E004", "E005", "E006", "E007", "E011"]


def audit(labels, table, cells=None):
    """Audit labels of shape (n_genes, n_cells)."""
    cells = table.cells if cells is None else cells
    n_genes, n_cells = labels.shape
    return audit_labels(
        labels.ravel("F"),
        table,
        gene=np.tile(table.genes, n_cells),
        cell=np.repeat(cells, n_genes),
    )
