"""Models taken to other cells: what two cells differ in, and cells without expression.

Imports data sets, splitters, metrics, transformers and estimators; knows no torch itself.
"""

from ._compare import compare_cells
from ._comparison import CellComparison

# The other names that are imported above are for other rooms
__all__ = ["CellComparison", "compare_cells"]
