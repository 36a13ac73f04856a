"""Figures in scikit-learn's Display form; matplotlib is imported when one is drawn."""

from ._cross_cell import CrossCellDisplay
from ._history import TrainingHistoryDisplay
from ._profiles import ProfileDisplay
from ._study_figures import study_figures
from ._study_report import write_study_report

__all__ = [
    "CrossCellDisplay",
    "ProfileDisplay",
    "TrainingHistoryDisplay",
    "study_figures",
    "write_study_report",
]
