"""Training of networks, and the only place that imports skorch.

Estimators describe what to train; this room builds the skorch net, feeds it batches,
seeds it, watches it on held-out genes and hands back the fitted net. It may import the
rooms of data, metrics and utilities, and none of estimators.

A file is imported when one of its names is first used: estimators are made, and models
without a network predict, without torch and skorch, which take seconds to load.
"""

import importlib

# name -> file that defines it; the names are for other rooms
_HOME = {
    "PREDICT_BATCH": "_predict",
    "SignalDataset": "_batches",
    "TrainingPlan": "_train",
    "build_net": "_train",
    "draw_seed": "_seeding",
    "fuse_updates": "_fused",
    "gradients": "_seeding",
    "held_out_split": "_split",
    "is_altered": "_weights",
    "isolated_torch_rng": "_seeding",
    "last_fit_kept": "_estimators",
    "load_weights": "_weights",
    "network_kept": "_estimators",
    "network_with": "_weights",
    "output_shape": "_predict",
    "predict_logits": "_predict",
    "resolve_device": "_seeding",
    "run_training": "_train",
    "runs_along_genome": "_estimators",
    "store_parameters": "_estimators",
    "weights_of": "_weights",
}

__all__ = []


def __getattr__(name):
    if name in _HOME:
        value = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
