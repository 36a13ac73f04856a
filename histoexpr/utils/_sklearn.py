"""Every private name of scikit-learn that this package uses.

One file to mend when scikit-learn moves one of them, and to compare with its releases;
``setup.cfg`` bounds the versions that it was tried with.
"""

from sklearn.base import _fit_context as fit_context
from sklearn.utils._param_validation import HasMethods, StrOptions, validate_params
from sklearn.utils._param_validation import Interval as _Interval
from sklearn.utils._param_validation import validate_parameter_constraints as check_constraints
from sklearn.utils._set_output import _get_output_config as output_config
from sklearn.utils.validation import _check_feature_names_in as check_feature_names_in
from sklearn.utils.validation import _check_sample_weight as check_sample_weight
from sklearn.utils.validation import _num_samples as num_samples

__all__ = [
    "HasMethods",
    "Interval",
    "StrOptions",
    "check_constraints",
    "check_feature_names_in",
    "check_sample_weight",
    "fit_context",
    "num_samples",
    "output_config",
    "validate_params",
]


class Interval(_Interval):
    """A range of numbers; unlike scikit-learn's, Boolean values are none."""

    def is_satisfied_by(self, val):
        """Return whether a value is a number in the range."""
        return not isinstance(val, bool) and super().is_satisfied_by(val)
