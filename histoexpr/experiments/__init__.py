"""Cross-cell experiments: a specification becomes a plan of fits, which are run into results.

Evaluations run in memory, studies in a folder. Imports data sets, splitters, metrics,
transformers and classifiers.
"""

from ._evaluation import (
    REGIMES,
    CellEvaluation,
    CrossCellMatrix,
    cross_cell_matrix,
    evaluate_cells,
)
from ._matrix import CONSENSUS, MAJORITY
from ._models import KINDS as MODEL_KINDS
from ._models import build_model, seed_model
from ._results import STUDY_SCORES, Study, load_study
from ._run import run_study
from ._similarity import cell_similarity
from ._spec import Experiment, StudySpec
from ._statistics import by_cell
from ._text import format_study, format_summary

__all__ = [
    "CONSENSUS",
    "MAJORITY",
    "MODEL_KINDS",
    "REGIMES",
    "STUDY_SCORES",
    "CellEvaluation",
    "CrossCellMatrix",
    "Experiment",
    "Study",
    "StudySpec",
    "build_model",
    "by_cell",
    "cell_similarity",
    "cross_cell_matrix",
    "evaluate_cells",
    "format_study",
    "format_summary",
    "load_study",
    "run_study",
    "seed_model",
]
