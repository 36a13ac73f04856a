"""The same genes in two cells of a data set."""

import numpy as np

# Columns of a gene, which must be the same in both cells
OF_GENE = ("chrom", "tss", "strand", "split")


def genes_of(data, cell):
    """Return the genes of a cell, sorted, and their rows; each gene must occur once."""
    rows = np.flatnonzero(data.cell == cell)
    genes, first, counts = np.unique(data.gene[rows], return_index=True, return_counts=True)
    if (counts > 1).any():
        gene = genes[counts.argmax()]
        raise ValueError(
            f"Gene {gene} occurs {counts.max()} times in cell {cell}: which of its samples belong "
            "together is unknown. Keep one of them, or give each transcript a name of its own."
        )
    return genes, rows[first]


def match_rows(data, pair, genes):
    """Return the rows of the common genes, (2, n), in the order of the first cell.

    The second result is how many genes only one of the cells has.
    """
    (first, rows), (second, others) = (genes[cell] for cell in pair)
    _, here, there = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    matched = np.array([rows[here], others[there]])
    for name in OF_GENE:
        values = getattr(data, name)
        differs = False if values is None else values[matched[0]] != values[matched[1]]
        if np.any(differs):
            one, other = matched[:, np.argmax(differs)]
            raise ValueError(
                f"Gene {data.gene[one]} has {name} {values[one]} in cell {pair[0]} and "
                f"{values[other]} in cell {pair[1]}. Give it the same in both cells, or another "
                "name in one of them."
            )
    return matched[:, np.argsort(matched[0])], len(first) + len(second) - 2 * len(here)
