"""Simulated cells, and the real ones that they are compared with."""

import numpy as np
import pytest

from histoexpr import make_histone_cells


@pytest.fixture(scope="session")
def simulated():
    return make_histone_cells(10, 2000, random_state=0)


@pytest.fixture(scope="session")
def along_genome():
    """The same reads with bins along the genome, as those of ``real_cells``."""
    return make_histone_cells(10, 2000, oriented=False, random_state=0)


@pytest.fixture(scope="session")
def simulated_cells(simulated):
    return [simulated.select(cells=cell) for cell in simulated.cells]


@pytest.fixture(scope="session")
def real_cells(shared_data):
    parts = [np.load(shared_data / "counts" / f"{cell}.npz") for cell in ("E003", "E123")]
    return [(part["X"], part["y"]) for part in parts]


@pytest.fixture(scope="session")
def full_cells(shared_data):
    """(X, y) of two cells with all genes, bins of 100 bp along the strand, in reads."""
    folder = shared_data / "full"
    if not folder.is_dir():
        pytest.skip(f"no full-size data at {folder}")
    cells = []
    for name in ("E012", "E013"):
        part = np.load(folder / f"{name}.npz")
        covered = part["X"].reshape(len(part["X"]), 100, 2, -1).sum(axis=2)
        # a read of 36 bp covers 36 bases and overlaps 1.35 bins of 100 bp on average
        cells.append((covered * np.float32(1.35 / 36), part["y"]))
    return cells
