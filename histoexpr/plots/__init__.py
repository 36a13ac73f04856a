"""Every figure, in scikit-learn's Display form; matplotlib is imported when one is drawn.

One file of panel helpers and one palette serve all. Imports results and computations from
``experiments`` and below; ``inspection`` and with it torch only where a model is inspected.
"""

from ._attribution import AttributionDisplay
from ._audit import AuditDisplay
from ._cell_comparison import CellComparisonDisplay
from ._class_maps import ClassMapDisplay
from ._cooccurrence import MarkCooccurrenceDisplay
from ._counterfactuals import CounterfactualDisplay
from ._cross_cell import CrossCellDisplay
from ._generation_report import GenerationReportDisplay
from ._importance import MarkImportanceDisplay
from ._interactions import MarkInteractionDisplay, MarkInteractionMatrixDisplay
from ._perturb import PerturbationDisplay
from ._profiles import ProfileDisplay
from ._region_weights import RegionWeightsDisplay
from ._study import check_study, study_figures
from ._training_history import TrainingHistoryDisplay

# The other names that are imported above are for other rooms
__all__ = [
    "AttributionDisplay",
    "AuditDisplay",
    "CellComparisonDisplay",
    "ClassMapDisplay",
    "CounterfactualDisplay",
    "CrossCellDisplay",
    "GenerationReportDisplay",
    "MarkCooccurrenceDisplay",
    "MarkImportanceDisplay",
    "MarkInteractionDisplay",
    "MarkInteractionMatrixDisplay",
    "PerturbationDisplay",
    "ProfileDisplay",
    "RegionWeightsDisplay",
    "TrainingHistoryDisplay",
    "study_figures",
]
