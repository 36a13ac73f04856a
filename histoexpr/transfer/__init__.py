"""Models taken to other cells: what changes between two cells, and what drives it.

Imports data sets, splitters, metrics, transformers and estimators; knows no torch itself.
"""

from ._compare import compare_cells
from ._comparison import CellComparison
from ._pair_models import PairClassifier, PairRegressor

# The other names that are imported above are for other rooms
__all__ = ["CellComparison", "PairClassifier", "PairRegressor", "compare_cells"]
