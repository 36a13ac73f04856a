"""Models taken to other cells: those without RNA-seq or with marks missing, and what changes.

Imports data sets, splitters, metrics, transformers and estimators; knows no torch itself.
"""

from ._cell_prior import CellPriorClassifier
from ._compare import compare_cells
from ._comparison import CellComparison
from ._learn_cells import learn_cells
from ._mark_subset_models import MarkSubsetClassifier, MarkSubsetRegressor
from ._pair_models import PairClassifier, PairRegressor
from ._reference_classifier import ReferenceClassifier
from ._reference_regressor import ReferenceRegressor

__all__ = [
    "CellComparison",
    "CellPriorClassifier",
    "MarkSubsetClassifier",
    "MarkSubsetRegressor",
    "PairClassifier",
    "PairRegressor",
    "ReferenceClassifier",
    "ReferenceRegressor",
    "compare_cells",
    "learn_cells",
]
