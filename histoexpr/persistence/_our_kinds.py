"""Our classes that a model file may hold, with the attributes of a fitted object of each."""

from . import _rooms
from ._checks import (
    any_number,
    array,
    boolean,
    by_name,
    classes,
    each,
    index,
    instance,
    integer,
    nothing,
    number,
    one_of,
    part,
    places,
    text,
    texts,
)
from ._our_codecs import (
    ExpressionTableCodec,
    PlainObject,
    ReferenceEstimator,
    ReferenceTableCodec,
    Tuple,
)

# What fit learns of X, where it is known
SIGNALS = {
    "n_features_in_": integer(1),
    "feature_names_in_": texts("features"),
    "n_bins_in_": integer(1),
    "n_marks_in_": integer(1),
    "mark_names_in_": texts("marks"),
    "bin_size_in_": integer(1),
    "window_in_": each(integer(-(1 << 32)), n=2),
    "oriented_in_": boolean,
}
_MAYBE = frozenset(SIGNALS)
_TRANSFORMER = {**SIGNALS, "_flat_in": boolean}
_MAYBE_FLAT = frozenset({"_flat_in"}) | (_MAYBE - {"n_features_in_", "n_bins_in_", "n_marks_in_"})
_CELLS = {"cells_": texts(None), "new_cells_": texts(None)}
_MATCHER = {
    **SIGNALS,
    **_CELLS,
    "_matches": boolean,
    "estimator_": instance(),
    "_maps": by_name(by_name(array("f", None))),
    "_training_scores": instance("Distribution"),
}
_REFERENCE = {
    **SIGNALS,
    **_CELLS,
    "_matches": boolean,
    "estimator_": instance(),
    "_table": one_of(nothing, instance("ReferenceTable")),
    "_distributions": by_name(instance("Distribution")),
    "_signals": instance("Polynomial"),
    "_similar": by_name(one_of(nothing, instance("SimilarCells"))),
    "n_in_reference_": integer(),
    "_both": one_of(nothing, instance("Polynomial")),
    "_prior": one_of(nothing, instance("Polynomial")),
}
_SUBSETS = {
    **SIGNALS,
    "_n_regions": integer(1),
    "_subsets": each(each(index("marks"))),
    "subsets_": each(each(one_of(text, integer()))),
    "n_samples_fit_": array("iu", None),
    "models_": each(instance()),
}
_PAIRS = {
    **SIGNALS,
    "_sides": one_of(nothing, each(array("iu", "marks"), n=2)),
    "estimator_": instance(),
}
_CHANGES = {
    **SIGNALS,
    "trees_": instance("Pipeline"),
    "scale_": instance("Pipeline"),
    "nets_": each(instance("MLPClassifier", "MLPRegressor")),
}
_BY_REGION = by_name(each(each(instance("Distribution"))))

# name -> what imports its module, checks of attributes, those that may be missing
OUR_KINDS = {
    **{name: (_rooms.classification, None, frozenset()) for name in (
        "HistoneCNNClassifier", "HistoneLinearClassifier", "HistoneMLPClassifier",
        "HistoneNetClassifier")},
    **{name: (_rooms.regression, None, frozenset()) for name in (
        "HistoneCNNRegressor", "HistoneLinearRegressor", "HistoneMLPRegressor",
        "HistoneNetRegressor")},
    "SignalGenerator": (_rooms.generation, None, frozenset()),
    "BinPooler": (_rooms.preprocessing, _TRANSFORMER, _MAYBE_FLAT),
    "Flattener": (_rooms.preprocessing, _TRANSFORMER, _MAYBE_FLAT),
    "SignalScaler": (
        _rooms.preprocessing,
        {
            **_TRANSFORMER,
            "mean_": one_of(nothing, array("f", "marks"), array("f", "bins", "marks")),
            "scale_": one_of(nothing, array("f", "marks"), array("f", "bins", "marks")),
        },
        _MAYBE_FLAT | {"mean_", "scale_"},
    ),
    "MarkSelector": (
        _rooms.preprocessing,
        {
            **_TRANSFORMER,
            "mark_indices_": places("marks"),
            "_marks_out": one_of(part, places("marks")),
        },
        _MAYBE_FLAT,
    ),
    "WindowSelector": (
        _rooms.preprocessing,
        {
            **_TRANSFORMER,
            "_bins_out": part,
            "window_": one_of(nothing, each(integer(-(1 << 32)), n=2)),
        },
        _MAYBE_FLAT | {"window_"},
    ),
    "PairPooler": (
        _rooms.preprocessing,
        {
            **_TRANSFORMER,
            "_sides": one_of(nothing, each(each(index("marks")), n=2)),
            "_marks": each(text),
            "pseudocount_": array("f", None),
        },
        _MAYBE_FLAT | {"_marks"},
    ),
    "CellNormalizer": (
        _rooms.preprocessing,
        {**_TRANSFORMER, **_CELLS, "_tables": _BY_REGION, "_new_tables": _BY_REGION},
        _MAYBE_FLAT,
    ),
    "CellPriorClassifier": (
        _rooms.transfer, {**_MATCHER, "classes_": classes, "expressed_": number}, _MAYBE),
    "CellPriorRegressor": (_rooms.transfer, _MATCHER, _MAYBE),
    "MarkSubsetClassifier": (_rooms.transfer, {**_SUBSETS, "classes_": classes}, _MAYBE),
    "MarkSubsetRegressor": (_rooms.transfer, _SUBSETS, _MAYBE),
    "PairClassifier": (_rooms.transfer, {**_PAIRS, "classes_": classes}, _MAYBE),
    "PairRegressor": (_rooms.transfer, _PAIRS, _MAYBE),
    "ChangeClassifier": (
        _rooms.transfer, {**_CHANGES, "classes_": classes}, _MAYBE),
    "ChangeRegressor": (
        _rooms.transfer, {**_CHANGES, "center_": number, "spread_": number}, _MAYBE),
    "ReferenceClassifier": (_rooms.transfer, {**_REFERENCE, "classes_": classes}, _MAYBE),
    "ReferenceRegressor": (_rooms.transfer, _REFERENCE, _MAYBE),
    # Parts of the above
    "ReferenceTable": (
        _rooms.transfer,
        {"genes": texts(None), "cells": texts(None),
         "log2": one_of(array("f", None, None), instance("Elsewhere")),
         "spelled": by_name(integer(-1))},
        frozenset(),
    ),
    "ExpressionTable": (
        _rooms.datasets,
        {"genes": texts(None), "cells": texts(None), "values": array("f", None, None),
         "unit": one_of(nothing, text)},
        frozenset(),
    ),
    "Distribution": (
        _rooms.preprocessing,
        {"values": array("f", None), "weights": array("f", None, low=0), "mean": number},
        frozenset(),
    ),
    "SimilarCells": (
        _rooms.transfer,
        {"cells": texts(None), "coef": array("f", None), "explained": any_number,
         "resemblance": array("f", None, nan=True)},
        frozenset(),
    ),
    "Polynomial": (
        _rooms.transfer,
        {
            "degree": integer(1),
            "classes": boolean,
            **dict.fromkeys(("low_", "high_", "mean_", "scale_"), array("f", None)),
            **dict.fromkeys(("term_mean_", "term_scale_", "coef_"), array("f", None)),
            "intercept_": number,
        },
        frozenset(),
    ),
}  # fmt: skip

OURS = {
    "ReferenceClassifier": ReferenceEstimator,
    "ReferenceRegressor": ReferenceEstimator,
    "ReferenceTable": ReferenceTableCodec,
    "ExpressionTable": ExpressionTableCodec,
    "Distribution": Tuple,
    "SimilarCells": Tuple,
    "Polynomial": PlainObject,
}
