"""Models taken to other cells: cells that lack marks that others have.

Imports estimators, transformers, metrics and data sets; knows no torch itself.
"""

from ._mark_subset_classifier import MarkSubsetClassifier
from ._mark_subset_regressor import MarkSubsetRegressor

__all__ = ["MarkSubsetClassifier", "MarkSubsetRegressor"]
