"""Training of networks, and the only place that imports skorch.

Estimators describe what to train; this room builds the skorch net, feeds it batches,
seeds it, watches it on held-out genes and hands back the fitted net. It may import the
rooms of data, metrics and utilities, and none of estimators.
"""

from ._batches import SignalDataset
from ._estimators import last_fit_kept, network_kept, runs_along_genome, store_parameters
from ._fused import fuse_updates
from ._predict import PREDICT_BATCH, predict_logits
from ._seeding import draw_seed, gradients, isolated_torch_rng, resolve_device
from ._split import held_out_split
from ._train import TrainingPlan, build_net, run_training
from ._weights import network_with, weights_of

# The names that are imported above are for other rooms
__all__ = []
