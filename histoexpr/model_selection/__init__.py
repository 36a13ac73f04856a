"""Splitters that keep cells, genes and chromosomes apart, and the groups that they read.

Nothing here reads signals. Imports utilities only.

A new splitter is one class and four places: the class in ``_splitters.py`` (see
``_base.CellSplitter`` for what it declares), its name here and in ``histoexpr/__init__.py``, and
an instance in the table of ``tests/model_selection/test_splitters.py``, which runs the checks for
leakage, completeness, row order and scikit-learn's tools on it.
"""

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
