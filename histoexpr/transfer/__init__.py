"""Models taken to other cells: those without RNA-seq or with marks missing, and what changes.

Imports data sets, splitters, metrics, transformers and estimators; knows no torch itself.
"""

from ._cell_prior import CellPriorClassifier
from ._cell_prior_regressor import CellPriorRegressor
from ._change_models import ChangeClassifier, ChangeRegressor
from ._compare import compare_cells
from ._comparison import CellComparison
from ._learn_cells import learn_cells, learns_cells
from ._mark_subset_classifier import MarkSubsetClassifier
from ._mark_subset_regressor import MarkSubsetRegressor
from ._match_predictions import match_predictions
from ._pair_models import PairClassifier, PairRegressor
from ._polynomial import Polynomial
from ._reference_alone import references_alone
from ._reference_classifier import ReferenceClassifier
from ._reference_regressor import ReferenceRegressor
from ._reference_table import ReferenceTable, as_table
from ._replace_reference import replace_reference
from ._similar_cells import SimilarCells
from ._take_over import LEARNED

# The other names that are imported above are for other rooms
__all__ = [
    "CellComparison",
    "CellPriorClassifier",
    "CellPriorRegressor",
    "MarkSubsetClassifier",
    "MarkSubsetRegressor",
    "PairClassifier",
    "PairRegressor",
    "ReferenceClassifier",
    "ReferenceRegressor",
    "compare_cells",
    "learn_cells",
]
