"""Splitters that keep cells, genes and chromosomes apart, and the groups that they read.

Nothing here reads signals. Imports utilities only.

A new splitter is one class and four places: the class in ``_splitters.py`` (what it declares is
in ``_cell_splitter.py``), its name here and in ``histoexpr/__init__.py``, and an instance in the
table of ``tests/model_selection/test_splitters.py``, which checks it for leakage, completeness,
row order and scikit-learn's tools.
"""

from ._cell_groups import CellGroups, check_groups
from ._gene_folds import gene_folds
from ._splitters import CellPairSplit, CrossCellSplit, LeaveOneCellOut

# The other names that are imported above are for other rooms
__all__ = ["CellPairSplit", "CrossCellSplit", "LeaveOneCellOut"]
