"""What a fitted model has learned: contributions, class maps, co-occurrence, interactions.

Computing only; the figures are in ``plots``. Imports ``transfer``, ``generation``,
``_training``, ``preprocessing``, ``nn`` and utilities.
"""

from ._attribution import attribute
from ._attribution_results import Attribution
from ._class_map_results import ClassMaps
from ._class_maps import class_maps, class_path
from ._cooccurrence import mark_cooccurrence
from ._cooccurrence_results import MarkCooccurrence
from ._counterfactual_results import Counterfactuals
from ._counterfactuals import counterfactuals
from ._find_gene import find_gene
from ._importance import mark_importance
from ._importance_results import MarkImportance
from ._interaction_matrix import mark_interaction_matrix
from ._interaction_results import MarkInteractionMatrix, MarkInteractions
from ._interactions import mark_interactions
from ._maps_cooccurrence import maps_cooccurrence
from ._model_output import ModelOutput
from ._perturb import perturb
from ._perturb_results import Perturbation
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
    "Attribution",
    "ClassMaps",
    "Counterfactuals",
    "MarkCooccurrence",
    "MarkImportance",
    "MarkInteractionMatrix",
    "MarkInteractions",
    "Perturbation",
    "attribute",
    "class_maps",
    "class_path",
    "counterfactuals",
    "maps_cooccurrence",
    "mark_cooccurrence",
    "mark_importance",
    "mark_interaction_matrix",
    "mark_interactions",
    "perturb",
]
