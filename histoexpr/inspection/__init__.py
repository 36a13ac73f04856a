"""Figures in scikit-learn's Display form; matplotlib is imported when one is drawn."""

from ._cross_cell import CrossCellDisplay
from ._history import TrainingHistoryDisplay
from ._profiles import ProfileDisplay

__all__ = ["CrossCellDisplay", "ProfileDisplay", "TrainingHistoryDisplay"]
