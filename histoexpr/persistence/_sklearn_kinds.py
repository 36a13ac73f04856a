"""Classes of scikit-learn that a model file may hold, with the attributes of fitted ones."""

from itertools import pairwise

from . import _rooms
from ._checks import (
    any_number,
    array,
    boolean,
    classes,
    each,
    instance,
    integer,
    nothing,
    number,
    one_of,
    text,
    texts,
)
from ._tree_codec import TreesCodec

_COLUMNS = {"n_features_in_": integer(1), "feature_names_in_": texts("features")}
_NAMES = frozenset({"feature_names_in_"})
_PER_COLUMN = array("f", "features")
_COUNTS = one_of(integer(), number, array("iuf", "features"))
_COEF = one_of(array("f", "features"), array("f", None, "features"))
_INTERCEPT = one_of(number, array("f", None), array("f"))
_N_ITER = one_of(nothing, integer(), array("iu", None), each(integer()))
_LINEAR = {**_COLUMNS, "coef_": _COEF, "intercept_": _INTERCEPT, "n_iter_": _N_ITER}
_LINEAR_CLASSIFIER = {
    **_COLUMNS,
    "classes_": classes,
    "coef_": array("f", "decisions", "features"),
    "intercept_": one_of(array("f", "decisions"), number),
    "n_iter_": _N_ITER,
}
_CURVE = one_of(nothing, each(number))
_WEIGHTS = each(array("f", None, None))
_BIASES = each(array("f", None))
_PERCEPTRON = {
    **_COLUMNS,
    "coefs_": _WEIGHTS,
    "intercepts_": _BIASES,
    "n_layers_": integer(2),
    "n_outputs_": integer(1),
    "out_activation_": text,
    "n_iter_": integer(),
    "t_": integer(),
    "loss_": one_of(number, nothing),
    "best_loss_": one_of(any_number, nothing),
    "loss_curve_": _CURVE,
    "validation_scores_": _CURVE,
    "best_validation_score_": one_of(nothing, number),
}


# lbfgs has no epochs
_NOT_OF_LBFGS = frozenset(
    ("best_loss_", "loss_curve_", "validation_scores_", "best_validation_score_", "t_")
)


class PipelineCodec:
    """A pipeline; the folder of its cache stays with its maker."""

    @staticmethod
    def take(value, where):
        """Return the parameters."""
        return {**value.get_params(deep=False), "memory": None}, None

    @staticmethod
    def make(cls, params, state, where):
        """Return the pipeline; one that would write to a folder which a file names is refused."""
        if params.get("memory") is not None:
            raise ValueError(f"{where} has a folder for its cache, which is not allowed")
        made = cls(**params)
        made._validate_params()
        return made


class PerceptronCodec:
    """A perceptron: its weights, without what only a further call of partial_fit would need."""

    @staticmethod
    def take(value, where):
        """Return the parameters, and the attributes that predictions need."""
        params = value.get_params(deep=False)
        kept = (*_PERCEPTRON, "classes_", "_label_binarizer")
        return params, {name: vars(value)[name] for name in kept if name in vars(value)} or None

    @staticmethod
    def make(cls, params, state, where):
        """Return the perceptron, after a check that its layers fit together."""
        made = cls(**params)
        made._validate_params()
        if state is None:
            return made
        sizes = [state["n_features_in_"], *(len(bias) for bias in state["intercepts_"])]
        expected = list(pairwise(sizes))
        found = [weights.shape for weights in state["coefs_"]]
        if found != expected or len(found) != state["n_layers_"] - 1:
            raise ValueError(f"{where} ({cls.__name__}) has layers that do not fit together")
        if sizes[-1] != state["n_outputs_"]:
            raise ValueError(
                f"{where} ({cls.__name__}) has another number of outputs than weights"
            )
        vars(made).update(state)
        return made


# name -> what imports its module, checks of attributes, those that may be missing
SKLEARN_KINDS = {
    "Pipeline": (_rooms.sklearn_pipeline, {}, frozenset()),
    "FunctionTransformer": (_rooms.sklearn_preprocessing, _COLUMNS, frozenset(_COLUMNS)),
    "StandardScaler": (
        _rooms.sklearn_preprocessing,
        {
            **_COLUMNS,
            "n_samples_seen_": _COUNTS,
            **dict.fromkeys(("mean_", "var_", "scale_"), one_of(nothing, _PER_COLUMN)),
        },
        _NAMES,
    ),
    "MinMaxScaler": (
        _rooms.sklearn_preprocessing,
        {
            **_COLUMNS,
            "n_samples_seen_": _COUNTS,
            **dict.fromkeys(
                ("min_", "scale_", "data_min_", "data_max_", "data_range_"), _PER_COLUMN
            ),
        },
        _NAMES,
    ),
    "MaxAbsScaler": (
        _rooms.sklearn_preprocessing,
        {**_COLUMNS, "n_samples_seen_": _COUNTS, "max_abs_": _PER_COLUMN, "scale_": _PER_COLUMN},
        _NAMES,
    ),
    "RobustScaler": (
        _rooms.sklearn_preprocessing,
        {**_COLUMNS, **dict.fromkeys(("center_", "scale_"), one_of(nothing, _PER_COLUMN))},
        _NAMES,
    ),
    "LabelBinarizer": (
        _rooms.sklearn_preprocessing,
        {"classes_": classes, "y_type_": text, "sparse_input_": boolean},
        frozenset(),
    ),
    "LogisticRegression": (_rooms.sklearn_linear_model, _LINEAR_CLASSIFIER, _NAMES),
    "LinearRegression": (
        _rooms.sklearn_linear_model,
        {
            **_COLUMNS,
            "coef_": _COEF,
            "intercept_": _INTERCEPT,
            "rank_": integer(),
            "singular_": array("f", None),
        },
        _NAMES | {"rank_", "singular_"},
    ),
    "Ridge": (_rooms.sklearn_linear_model, {**_LINEAR, "solver_": text}, _NAMES | {"solver_"}),
    "Lasso": (
        _rooms.sklearn_linear_model,
        {**_LINEAR, "dual_gap_": number, "l1_ratio": number},
        _NAMES | {"dual_gap_", "l1_ratio"},
    ),
    "ElasticNet": (
        _rooms.sklearn_linear_model,
        {**_LINEAR, "dual_gap_": number},
        _NAMES | {"dual_gap_"},
    ),
    "MLPClassifier": (
        _rooms.sklearn_neural_network,
        {**_PERCEPTRON, "classes_": classes, "_label_binarizer": instance("LabelBinarizer")},
        _NAMES | _NOT_OF_LBFGS,
    ),
    "MLPRegressor": (_rooms.sklearn_neural_network, _PERCEPTRON, _NAMES | _NOT_OF_LBFGS),
    "HistGradientBoostingClassifier": (_rooms.sklearn_ensemble, None, frozenset()),
    "HistGradientBoostingRegressor": (_rooms.sklearn_ensemble, None, frozenset()),
}

SKLEARN_CODECS = {
    "MLPClassifier": PerceptronCodec,
    "Pipeline": PipelineCodec,
    "MLPRegressor": PerceptronCodec,
    "HistGradientBoostingClassifier": TreesCodec,
    "HistGradientBoostingRegressor": TreesCodec,
}
