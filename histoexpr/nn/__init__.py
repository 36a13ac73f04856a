"""Plain torch modules: networks of the classifiers and of the generator.

Every network of a classifier takes a tensor of shape ``(batch, n_bins, n_marks)`` of any real
dtype and returns logits of shape ``(batch, n_classes)``. Imports utilities only.
"""

from ._cnn import HistoneCNN
from ._critic import HistoneCritic, HistoneEncoder
from ._generator import HistoneGenerator
from ._linear import HistoneLinear
from ._mlp import HistoneMLP
from ._signals import SignalInput, pool_bins, pool_regions

# The other names that are imported above are for other rooms
__all__ = [
    "HistoneCNN",
    "HistoneCritic",
    "HistoneEncoder",
    "HistoneGenerator",
    "HistoneLinear",
    "HistoneMLP",
]
