"""Models taken to other cells, of which signals are known and no expression.

Imports data sets, splitters, metrics, transformers and estimators; knows no torch itself.
"""

from ._cell_prior import CellPriorClassifier
from ._cell_prior_regressor import CellPriorRegressor
from ._learn_cells import learn_cells
from ._match_predictions import match_predictions

# The other name that is imported above is for other rooms
__all__ = ["CellPriorClassifier", "CellPriorRegressor", "learn_cells"]
