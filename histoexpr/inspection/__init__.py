"""What a fitted classifier has learned: class maps, co-occurrence and interactions of marks.

Computing only; the figures are in ``plots``. Imports generators, transformers, networks and
utilities.
"""

from ._class_maps import ClassMaps, class_maps, class_path
from ._cooccurrence import MarkCooccurrence, mark_cooccurrence
from ._interaction_results import MarkInteractionMatrix, MarkInteractions
from ._interactions import mark_interaction_matrix, mark_interactions
from ._windows import common_shape, in_kb, signals_of

__all__ = [
    "ClassMaps",
    "MarkCooccurrence",
    "MarkInteractionMatrix",
    "MarkInteractions",
    "class_maps",
    "class_path",
    "common_shape",
    "in_kb",
    "mark_cooccurrence",
    "mark_interaction_matrix",
    "mark_interactions",
    "signals_of",
]
