"""Transformers of signals, and sequencing depth.

The result for a sample does not depend on the samples that it is transformed with; only those of
a cell that is new to :class:`CellNormalizer` may.
Imports ``model_selection`` and utilities.
"""

from ._bin_pooling import BinPooler
from ._cell_normalizer import CellNormalizer
from ._cells import UNNAMED, cell_of_samples, check_cells_named, new_cells
from ._distributions import Distribution, describe_values
from ._flattener import Flattener
from ._pair_pooling import PairPooler
from ._selectors import MarkSelector, WindowSelector
from ._sequencing_depth import cell_depth, normalize_depth
from ._signal_scaler import SignalScaler

# The other names that are imported above are for other rooms
__all__ = [
    "BinPooler",
    "CellNormalizer",
    "Flattener",
    "MarkSelector",
    "PairPooler",
    "SignalScaler",
    "WindowSelector",
    "cell_depth",
    "normalize_depth",
]
