"""Every private name of scikit-learn that this package uses.

One file to mend when scikit-learn moves one of them, and to compare with its releases;
``setup.cfg`` bounds the versions that it was tried with.
"""

import inspect

import numpy as np
from sklearn.base import _fit_context as fit_context
from sklearn.utils import _safe_indexing as safe_indexing
from sklearn.utils._param_validation import HasMethods, InvalidParameterError
from sklearn.utils._param_validation import Interval as _Interval
from sklearn.utils._param_validation import StrOptions as _StrOptions
from sklearn.utils._param_validation import validate_parameter_constraints as check_constraints
from sklearn.utils._param_validation import validate_params as _validate_params
from sklearn.utils._set_output import _get_output_config as output_config
from sklearn.utils.validation import _check_feature_names_in as check_feature_names_in
from sklearn.utils.validation import _check_sample_weight as check_sample_weight
from sklearn.utils.validation import _num_samples as num_samples

__all__ = [
    "HasMethods",
    "Interval",
    "InvalidParameterError",
    "StrOptions",
    "boosted_trees",
    "check_constraints",
    "check_feature_names_in",
    "check_sample_weight",
    "fit_context",
    "num_samples",
    "output_config",
    "safe_indexing",
    "set_boosted_trees",
    "tree_node_dtype",
    "validate_params",
]


class Interval(_Interval):
    """A range of numbers; unlike scikit-learn's, Boolean values are none."""

    def is_satisfied_by(self, val):
        """Return whether a value is a number in the range."""
        return not isinstance(val, bool) and super().is_satisfied_by(val)


class StrOptions(_StrOptions):
    """Some texts; unlike scikit-learn's, messages list them in the same order in every run."""

    def __str__(self):
        return f"a str among {{{', '.join(map(self._mark_if_deprecated, sorted(self.options)))}}}"


class _NamedSignature(inspect.Signature):
    """A signature that names its function where arguments do not fit."""

    function = ""

    def bind(self, /, *args, **kwargs):
        try:
            return super().bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.function}(): {error}.") from None


def validate_params(parameter_constraints, *, prefer_skip_nested_validation):
    """Return scikit-learn's decorator; missing and unexpected arguments name the function, too.

    The name comes by the signature, not by one more wrapper: warnings count frames.
    """
    decorate = _validate_params(
        parameter_constraints, prefer_skip_nested_validation=prefer_skip_nested_validation
    )

    def named(function):
        plain = inspect.signature(function)
        signature = _NamedSignature(
            list(plain.parameters.values()), return_annotation=plain.return_annotation
        )
        signature.function = function.__qualname__
        function.__signature__ = signature
        return decorate(function)

    return named


# Imported when they are called: gradient boosting takes half a second
def tree_node_dtype():
    """Return the dtype of a node of a tree of histogram gradient boosting."""
    from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE

    return PREDICTOR_RECORD_DTYPE


def boosted_trees(estimator):
    """Return the nodes of each tree of histogram gradient boosting, and its baseline.

    None of an estimator that is not fitted; ValueError of one with categorical features.
    """
    if not hasattr(estimator, "_predictors"):
        return None
    if estimator._preprocessor is not None or estimator._bin_mapper.is_categorical_.any():
        raise ValueError("has categorical features")
    nodes = [tree.nodes for iteration in estimator._predictors for tree in iteration]
    return nodes, estimator._baseline_prediction


def set_boosted_trees(estimator, trees, baseline, n_features):
    """Give an estimator of histogram gradient boosting what its predictions need.

    ``trees`` has the nodes of the trees of each iteration; they split on numbers only.
    """
    from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper
    from sklearn.ensemble._hist_gradient_boosting.predictor import TreePredictor

    bits = np.zeros((0, 8), dtype=np.uint32)
    mapper = _BinMapper(n_bins=estimator.max_bins + 1)
    mapper.is_categorical_ = np.zeros(n_features, dtype=np.uint8)
    mapper.missing_values_bin_idx_ = estimator.max_bins
    mapper.bin_thresholds_ = [np.zeros(0)] * n_features
    estimator.n_features_in_ = estimator._n_features = n_features
    estimator._baseline_prediction = baseline
    estimator._predictors = [
        [TreePredictor(np.ascontiguousarray(nodes), bits, bits) for nodes in iteration]
        for iteration in trees
    ]
    estimator._bin_mapper, estimator._preprocessor = mapper, None
    estimator.is_categorical_ = estimator._is_categorical_remapped = None
    estimator.do_early_stopping_ = False
    estimator._loss = estimator._get_loss(sample_weight=None)
