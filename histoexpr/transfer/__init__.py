"""Models taken to other cells: cells that lack marks that others have, or have no RNA-seq.

Imports estimators, transformers, metrics and data sets; knows no torch itself.
"""

from ._mark_subset_models import MarkSubsetClassifier, MarkSubsetRegressor
from ._reference_classifier import ReferenceClassifier
from ._reference_regressor import ReferenceRegressor

__all__ = [
    "MarkSubsetClassifier",
    "MarkSubsetRegressor",
    "ReferenceClassifier",
    "ReferenceRegressor",
]
