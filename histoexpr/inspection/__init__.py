"""Figures in scikit-learn's Display form; matplotlib is imported when one is drawn."""

from ._class_map_displays import ClassMapDisplay
from ._class_maps import ClassMaps, class_maps, class_path
from ._cooccurrence import MarkCooccurrence, mark_cooccurrence
from ._cooccurrence_display import MarkCooccurrenceDisplay
from ._cross_cell import CrossCellDisplay
from ._generation_display import GenerationReportDisplay
from ._history import TrainingHistoryDisplay
from ._interaction_displays import MarkInteractionDisplay, MarkInteractionMatrixDisplay
from ._interaction_results import MarkInteractionMatrix, MarkInteractions
from ._interactions import mark_interaction_matrix, mark_interactions
from ._profiles import ProfileDisplay
from ._study_figures import study_figures
from ._study_report import write_study_report

__all__ = [
    "ClassMapDisplay",
    "ClassMaps",
    "CrossCellDisplay",
    "GenerationReportDisplay",
    "MarkCooccurrence",
    "MarkCooccurrenceDisplay",
    "MarkInteractionDisplay",
    "MarkInteractionMatrix",
    "MarkInteractionMatrixDisplay",
    "MarkInteractions",
    "ProfileDisplay",
    "TrainingHistoryDisplay",
    "class_maps",
    "class_path",
    "mark_cooccurrence",
    "mark_interaction_matrix",
    "mark_interactions",
    "study_figures",
    "write_study_report",
]
