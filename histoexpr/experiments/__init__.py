"""Cross-cell experiments."""

from ._bootstrap import bootstrap_auroc, bootstrap_mean
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
from ._published import PUBLISHED_COLUMNS, PUBLISHED_FAULTS, published_auroc
from ._similarity import cell_similarity
from ._statistics import equivalence_test, friedman_ranks, holm, paired_tests
from ._study import run_study
from ._study_results import STUDY_SCORES, Study, load_study
from ._study_spec import Experiment, StudySpec
from ._study_summary import by_cell
from ._summary import format_study, format_summary

__all__ = [
    "CONSENSUS",
    "MAJORITY",
    "MODEL_KINDS",
    "PUBLISHED_COLUMNS",
    "PUBLISHED_FAULTS",
    "REGIMES",
    "STUDY_SCORES",
    "CellEvaluation",
    "CrossCellMatrix",
    "Experiment",
    "Study",
    "StudySpec",
    "bootstrap_auroc",
    "bootstrap_mean",
    "build_model",
    "by_cell",
    "cell_similarity",
    "cross_cell_matrix",
    "equivalence_test",
    "evaluate_cells",
    "format_study",
    "format_summary",
    "friedman_ranks",
    "holm",
    "load_study",
    "paired_tests",
    "published_auroc",
    "run_study",
    "seed_model",
]
