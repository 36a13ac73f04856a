"""What a fitted classifier has learned: class maps, co-occurrence and interactions of marks.

Computing only; the figures are in ``plots``. Imports ``generation``, ``_training``,
``preprocessing``, ``nn`` and utilities.
"""

from ._class_map_results import ClassMaps
from ._class_maps import class_maps, class_path
from ._cooccurrence import mark_cooccurrence
from ._cooccurrence_results import MarkCooccurrence
from ._interaction_results import MarkInteractionMatrix, MarkInteractions
from ._interactions import mark_interaction_matrix, mark_interactions
from ._maps_cooccurrence import maps_cooccurrence
from ._model_output import ModelOutput
from ._samples import Samples
from ._signals import (
    align_marks,
    common_marks,
    common_orientation,
    common_window,
    signals_and_marks,
)

# The other names that are imported above are for other rooms
__all__ = [
    "ClassMaps",
    "MarkCooccurrence",
    "MarkInteractionMatrix",
    "MarkInteractions",
    "class_maps",
    "class_path",
    "maps_cooccurrence",
    "mark_cooccurrence",
    "mark_interaction_matrix",
    "mark_interactions",
]
