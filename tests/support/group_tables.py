"""Cells, genes, chromosomes and splits, for tests of splitters."""

import numpy as np
import pandas as pd

N_GENES = 60

CELLS = ["E003", "E116", "E123"]


def make_groups(seed=0):
    """Three cells, 60 genes on 7 chromosomes, some genes missing in some cells, shuffled."""
    rng = np.random.default_rng(seed)
    gene = [f"ENSG{number:03d}" for number in range(N_GENES)]
    chrom = np.array([f"chr{n}" for n in "1111122233456X"])[
        np.random.default_rng(7).integers(14, size=N_GENES)
    ]
    split = np.array(["train", "valid", "test"])[np.arange(N_GENES) % 3]
    rows = [
        (cell, gene[i], chrom[i], split[i])
        for number, cell in enumerate(CELLS)
        for i in range(N_GENES)
        if i % 10 != number
    ]
    rows = [rows[i] for i in rng.permutation(len(rows))]
    return np.array(rows, dtype=[(name, "U8") for name in ("cell", "gene", "chrom", "split")])


GROUPS = make_groups()

# The same with pairs of cells, of which two share one
PAIRS = GROUPS.astype([(name, "U12") for name in GROUPS.dtype.names])
for _cell, _pair in zip(CELLS, ("E003 vs E004", "E116 vs E117", "E123 vs E116"), strict=True):
    PAIRS["cell"][GROUPS["cell"] == _cell] = _pair


def as_frame(groups):
    return pd.DataFrame({name: groups[name] for name in groups.dtype.names}).set_index(
        pd.Index(np.arange(len(groups))[::-1])
    )


def changed(**columns):
    groups = GROUPS.copy()
    for name, (row, value) in columns.items():
        groups[name][row] = value
    return groups
