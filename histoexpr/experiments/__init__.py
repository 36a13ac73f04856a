"""Cross-cell experiments: a specification becomes a plan of fits, which are run into results.

One engine serves evaluations in memory and studies in a folder, which can be taken up again.
Imports data sets, splitters, metrics, transformers, estimators, ``transfer``, ``replication``
and utilities.
"""

from ._benchmark import benchmark_cells
from ._build_for_model import build_for_model
from ._collect import load_study
from ._evaluate import cross_cell_matrix, evaluate_cells, run_study
from ._findings import plain_names, signed
from ._gene_blocks import UNITS
from ._gene_division import divide_genes
from ._held_out import format_scores, scores_legend
from ._match_data import match_data
from ._matrix import CrossCellMatrix
from ._models import MODELS, make_model, seed_model
from ._predict_genes import CALLS, are_expressed_or_not, predict_genes
from ._prediction_scores import score_table
from ._results import CrossCellResults
from ._similarity import cell_similarity
from ._spec import Experiment, StudySpec
from ._statistics import Statistics
from ._stores import package_versions
from ._train_model import REFERENCE, TrainedModel, train_model
from ._words import (
    BASELINE,
    BASELINES,
    BETWEEN_SCORES,
    CONSENSUS,
    GENE_DIVISIONS,
    GENE_MEAN,
    MAIN_SCORES,
    MAJORITY,
    NORMALIZATIONS,
    RANK,
    SAME_GENE,
    SCORE_NAMES,
    SMALLER_IS_BETTER,
)

# The other names that are imported above are for other rooms
__all__ = [
    "CrossCellMatrix",
    "CrossCellResults",
    "Experiment",
    "Statistics",
    "StudySpec",
    "TrainedModel",
    "cell_similarity",
    "cross_cell_matrix",
    "evaluate_cells",
    "load_study",
    "predict_genes",
    "run_study",
    "train_model",
]
