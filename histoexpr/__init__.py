"""Gene expression from histone modifications, as scikit-learn estimators.

Importing histoexpr loads neither torch nor matplotlib; a name is imported from its
subpackage on first use.
"""

import importlib

__version__ = "0.1.0"

# public name -> subpackage that defines it
_HOME = {
    "BinPooler": "preprocessing",
    "CellPairSplit": "model_selection",
    "ClassMapDisplay": "inspection",
    "CrossCellDisplay": "inspection",
    "CrossCellSplit": "model_selection",
    "Flattener": "preprocessing",
    "GenerationReportDisplay": "inspection",
    "HistoneCNNClassifier": "classification",
    "HistoneDataset": "datasets",
    "HistoneLinearClassifier": "classification",
    "HistoneMLPClassifier": "classification",
    "LeaveOneCellOut": "model_selection",
    "MarkCooccurrenceDisplay": "inspection",
    "MarkInteractionDisplay": "inspection",
    "MarkInteractionMatrixDisplay": "inspection",
    "MarkSelector": "preprocessing",
    "ProfileDisplay": "inspection",
    "SignalGenerator": "generation",
    "SignalScaler": "preprocessing",
    "StudySpec": "experiments",
    "TrainingHistoryDisplay": "inspection",
    "WindowSelector": "preprocessing",
    "class_maps": "inspection",
    "class_path": "inspection",
    "cross_cell_matrix": "experiments",
    "evaluate_cells": "experiments",
    "generation_report": "generation",
    "load_study": "experiments",
    "make_histone_cells": "datasets",
    "mark_cooccurrence": "inspection",
    "mark_interaction_matrix": "inspection",
    "mark_interactions": "inspection",
    "run_study": "experiments",
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
