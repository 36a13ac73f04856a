"""Cross-cell experiments."""

from ._evaluation import (
    REGIMES,
    CellEvaluation,
    CrossCellMatrix,
    cross_cell_matrix,
    evaluate_cells,
)
from ._similarity import cell_similarity
from ._study import run_study
from ._study_results import STUDY_SCORES, Study, load_study
from ._study_spec import Experiment, StudySpec
from ._summary import format_summary

__all__ = [
    "REGIMES",
    "STUDY_SCORES",
    "CellEvaluation",
    "CrossCellMatrix",
    "Experiment",
    "Study",
    "StudySpec",
    "cell_similarity",
    "cross_cell_matrix",
    "evaluate_cells",
    "format_summary",
    "load_study",
    "run_study",
]
