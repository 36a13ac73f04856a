"""Gene expression from histone modifications, as scikit-learn estimators.

Importing histoexpr loads neither torch nor matplotlib; a name is imported from its
subpackage on first use.
"""

import importlib

__version__ = "0.1.0"

# public name -> subpackage that defines it
_HOME = {
    "StudySpec": "experiments",
    "run_study": "experiments",
    "evaluate_cells": "experiments",
    "generation_report": "generation",
    "cross_cell_matrix": "experiments",
    "TrainingHistoryDisplay": "inspection",
    "ProfileDisplay": "inspection",
    "CrossCellDisplay": "inspection",
    "HistoneCNNClassifier": "classification",
    "HistoneLinearClassifier": "classification",
    "HistoneMLPClassifier": "classification",
    "BinPooler": "preprocessing",
    "ClassMapDisplay": "inspection",
    "GenerationReportDisplay": "inspection",
    "MarkCooccurrenceDisplay": "inspection",
    "MarkInteractionDisplay": "inspection",
    "MarkInteractionMatrixDisplay": "inspection",
    "class_maps": "inspection",
    "mark_cooccurrence": "inspection",
    "mark_interaction_matrix": "inspection",
    "mark_interactions": "inspection",
    "CellPairSplit": "model_selection",
    "CrossCellSplit": "model_selection",
    "Flattener": "preprocessing",
    "HistoneDataset": "datasets",
    "LeaveOneCellOut": "model_selection",
    "MarkSelector": "preprocessing",
    "SignalGenerator": "generation",
    "SignalScaler": "preprocessing",
    "WindowSelector": "preprocessing",
    "make_histone_cells": "datasets",
}

__all__ = sorted([*_HOME, "__version__"])


def __getattr__(name):
    if name in _HOME:
        value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted(set(globals()) | set(_HOME))
