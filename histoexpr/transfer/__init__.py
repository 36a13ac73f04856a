"""Models taken to other cells: what two cells differ in, and cells without expression.

Imports data sets, splitters, metrics, transformers and estimators; knows no torch itself.
"""

from ._cell_prior import CellPriorClassifier
from ._learn_cells import learn_cells
from ._pair_models import PairClassifier, PairRegressor

__all__ = ["CellPriorClassifier", "PairClassifier", "PairRegressor", "learn_cells"]
