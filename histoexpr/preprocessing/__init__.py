"""Transformers of signal arrays; each keeps samples apart from their batch-mates."""

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
