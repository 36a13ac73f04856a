"""Cross-cell experiments."""

from ._evaluation import (
    REGIMES,
    CellEvaluation,
    CrossCellMatrix,
    cross_cell_matrix,
    evaluate_cells,
    format_summary,
)

__all__ = [
    "REGIMES",
    "CellEvaluation",
    "CrossCellMatrix",
    "cross_cell_matrix",
    "evaluate_cells",
    "format_summary",
]
