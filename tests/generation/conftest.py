"""Genes and a fitted generator, shared by the tests of this room."""

import pytest

from histoexpr import SignalGenerator, make_histone_cells
from support.generators import FEW_TREES, QUICK, TINY


@pytest.fixture(scope="session")
def genes():
    return make_histone_cells(n_cells=1, n_genes=80, random_state=0).return_X_y()


@pytest.fixture(scope="session")
def more_genes():
    return make_histone_cells(n_cells=1, n_genes=150, random_state=0).return_X_y()


@pytest.fixture(scope="module")
def quick_networks():
    """Train the CNNs of reports, which take most of their time, for two steps, and few trees."""
    with pytest.MonkeyPatch.context() as patch:
        for room in ("_judges", "_transfer"):
            patch.setattr(f"histoexpr.generation.{room}._TRAINING", QUICK)
        patch.setattr("histoexpr.generation._judges._TREES", FEW_TREES)
        yield


@pytest.fixture(scope="session")
def fitted(genes):
    return SignalGenerator(**TINY, random_state=0).fit(*genes)
