"""Gene expression from histone modifications, as scikit-learn estimators.

Importing histoexpr loads neither torch nor matplotlib; a name is imported from its
subpackage on first use.
"""

import importlib

__version__ = "0.1.0"

# public name -> subpackage that defines it
_HOME = {
    "AttributionDisplay": "plots",
    "AuditDisplay": "plots",
    "BinPooler": "preprocessing",
    "CellComparison": "transfer",
    "CellComparisonDisplay": "plots",
    "CellNormalizer": "preprocessing",
    "CellPairSplit": "model_selection",
    "CellPriorClassifier": "transfer",
    "CellPriorRegressor": "transfer",
    "ClassMapDisplay": "plots",
    "CounterfactualDisplay": "plots",
    "CrossCellDisplay": "plots",
    "CrossCellResults": "experiments",
    "CrossCellSplit": "model_selection",
    "Experiment": "experiments",
    "ExpressionTable": "datasets",
    "Flattener": "preprocessing",
    "GenerationReportDisplay": "plots",
    "HistoneCNNClassifier": "classification",
    "HistoneCNNRegressor": "regression",
    "HistoneDataset": "datasets",
    "HistoneLinearClassifier": "classification",
    "HistoneLinearRegressor": "regression",
    "HistoneMLPClassifier": "classification",
    "HistoneMLPRegressor": "regression",
    "HistoneNetClassifier": "classification",
    "HistoneNetRegressor": "regression",
    "LeaveOneCellOut": "model_selection",
    "MarkCooccurrenceDisplay": "plots",
    "MarkImportanceDisplay": "plots",
    "MarkInteractionDisplay": "plots",
    "MarkInteractionMatrixDisplay": "plots",
    "MarkSelector": "preprocessing",
    "MarkSubsetClassifier": "transfer",
    "MarkSubsetRegressor": "transfer",
    "PairClassifier": "transfer",
    "PairPooler": "preprocessing",
    "PairRegressor": "transfer",
    "PerturbationDisplay": "plots",
    "ProfileDisplay": "plots",
    "ReferenceClassifier": "transfer",
    "ReferenceRegressor": "transfer",
    "RegionWeightsDisplay": "plots",
    "SignalGenerator": "generation",
    "SignalScaler": "preprocessing",
    "StudySpec": "experiments",
    "TrainingHistoryDisplay": "plots",
    "TrainedModel": "experiments",
    "UnseenCellsSplit": "model_selection",
    "WindowSelector": "preprocessing",
    "attribute": "inspection",
    "audit_labels": "labels",
    "binarize_expression": "labels",
    "build_dataset": "tracks",
    "cell_depth": "preprocessing",
    "cell_scores": "metrics",
    "cell_similarity": "experiments",
    "class_maps": "inspection",
    "class_path": "inspection",
    "compare_cells": "transfer",
    "consensus_baseline": "metrics",
    "counterfactuals": "inspection",
    "cross_cell_matrix": "experiments",
    "evaluate_cells": "experiments",
    "fetch_deepchrome": "datasets",
    "fetch_roadmap_expression": "datasets",
    "fold_change_scores": "metrics",
    "from_anndata": "datasets",
    "from_xarray": "datasets",
    "generation_report": "generation",
    "learn_cells": "transfer",
    "load_chromoformer": "datasets",
    "load_data": "datasets",
    "load_model": "persistence",
    "load_deepchrome": "datasets",
    "load_deepdiff": "datasets",
    "load_study": "experiments",
    "make_histone_cells": "datasets",
    "maps_cooccurrence": "inspection",
    "mark_cooccurrence": "inspection",
    "mark_importance": "inspection",
    "mark_interaction_matrix": "inspection",
    "mark_interactions": "inspection",
    "model_card": "persistence",
    "normalize_depth": "preprocessing",
    "pair_cells": "datasets",
    "perturb": "inspection",
    "predict_genes": "experiments",
    "published_auroc": "replication",
    "rank_baseline": "metrics",
    "read_compute_matrix": "datasets",
    "read_expression": "datasets",
    "read_genes": "tracks",
    "read_model_info": "persistence",
    "read_multibamsummary": "datasets",
    "relabel": "labels",
    "run_study": "experiments",
    "save_deepchrome": "datasets",
    "save_model": "persistence",
    "study_figures": "plots",
    "swap_pairs": "datasets",
    "switching_accuracy": "metrics",
    "switching_roc_auc": "metrics",
    "to_anndata": "datasets",
    "to_onnx": "persistence",
    "to_xarray": "datasets",
    "train_model": "experiments",
    "variable_genes": "metrics",
    "within_gene_spearman": "metrics",
    "write_study_report": "reports",
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
