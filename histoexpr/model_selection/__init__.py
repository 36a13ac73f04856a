"""Splitters that keep cells, genes and chromosomes apart, and the groups that they read.

Nothing here reads signals. Imports utilities only.
"""

from ._cell_groups import CellGroups, check_groups
from ._gene_folds import gene_folds
from ._splitters import CellPairSplit, CrossCellSplit, LeaveOneCellOut, UnseenCellsSplit

# The other names that are imported above are for other rooms
__all__ = ["CellPairSplit", "CrossCellSplit", "LeaveOneCellOut", "UnseenCellsSplit"]
