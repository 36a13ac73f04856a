"""Simulated cells, and the real ones that they are compared with."""

import numpy as np
import pytest

from histoexpr import make_histone_cells


@pytest.fixture(scope="session")
def simulated():
    return make_histone_cells(10, 2000, random_state=0)


@pytest.fixture(scope="session")
def simulated_cells(simulated):
    return [simulated.select(cells=cell) for cell in simulated.cells]


@pytest.fixture(scope="session")
def real_cells(shared_data):
    parts = [np.load(shared_data / "counts" / f"{cell}.npz") for cell in ("E003", "E123")]
    return [(part["X"], part["y"]) for part in parts]
