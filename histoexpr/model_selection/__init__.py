"""Splitters that keep cells, genes and chromosomes apart."""

from ._genes import gene_folds
from ._groups import CellGroups, check_groups
from ._splitters import CellPairSplit, CrossCellSplit, LeaveOneCellOut

__all__ = [
    "CellGroups",
    "CellPairSplit",
    "CrossCellSplit",
    "LeaveOneCellOut",
    "check_groups",
    "gene_folds",
]
