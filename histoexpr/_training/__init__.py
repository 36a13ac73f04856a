"""Training of networks, and the only place that imports skorch.

Estimators describe what to train; this room builds the skorch net, feeds it batches,
seeds it, watches it on held-out genes and hands back the fitted net. It may import the
rooms of data, metrics and utilities, and none of estimators.

Files that need torch or skorch are imported when one of their names is first used: estimators
are made, and models without a network predict, without them; they take seconds to load.
"""

from ._estimators import last_fit_kept, network_kept, runs_along_genome, store_parameters
from ._split import held_out_split

_OF_SKORCH = {"TrainingPlan", "build_net", "run_training"}
_OF_TORCH = {
    "PREDICT_BATCH", "SignalDataset", "draw_seed", "fuse_updates", "gradients", "is_altered",
    "isolated_torch_rng", "load_weights", "network_with", "output_shape", "predict_logits",
    "resolve_device", "weights_of",
}  # fmt: skip

# The names of this room are for other rooms
__all__ = []


def __getattr__(name):
    if name in _OF_SKORCH:
        from . import _train

        homes = (_train,)
    elif name in _OF_TORCH:
        from . import _batches, _fused, _predict, _seeding, _weights

        homes = (_batches, _fused, _predict, _seeding, _weights)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = next(getattr(home, name) for home in homes if hasattr(home, name))
    globals()[name] = value
    return value
