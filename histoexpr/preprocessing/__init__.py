"""Transformers of signals, and sequencing depth.

The result for a sample does not depend on the samples that it is transformed with.
Imports ``model_selection`` and utilities.
"""

from ._depth import cell_depth, normalize_depth
from ._flatten import Flattener
from ._pooling import BinPooler
from ._scaler import SignalScaler
from ._select import MarkSelector, WindowSelector

__all__ = [
    "BinPooler",
    "Flattener",
    "MarkSelector",
    "SignalScaler",
    "WindowSelector",
    "cell_depth",
    "normalize_depth",
]
