"""Expression of six simulated cells, and the published table."""

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable, read_expression
from histoexpr.exceptions import HistoexprWarning
from support.label_audits import CELLS


@pytest.fixture(scope="module")
def table():
    """Cells that share most of their expression, as real ones do."""
    rng = np.random.default_rng(7)
    common = rng.normal(1, 2, size=(600, 1))
    values = np.exp(common + 0.7 * rng.normal(size=(600, len(CELLS)))) * [1, 1.2, 0.8, 2, 1, 0.5]
    values[rng.random(600) < 0.1] = 0
    genes = [f"ENSG{number:011d}" for number in range(1, 601)]
    return ExpressionTable(np.round(values, 3), genes, CELLS, unit="RPKM")


@pytest.fixture(scope="module")
def roadmap(shared_data):
    with pytest.warns(HistoexprWarning, match="7 rows"):
        return read_expression(shared_data / "roadmap_expression.npz")
