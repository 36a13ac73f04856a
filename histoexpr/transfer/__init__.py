"""Models taken to other cells: what changes between two cells.

Imports data sets, transformers and utilities; knows no torch itself.
"""

from ._pair_models import PairClassifier, PairRegressor

__all__ = ["PairClassifier", "PairRegressor"]
