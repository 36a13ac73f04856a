"""scikit-learn's validation of parameters, as this package uses it."""

from numbers import Integral, Real

import numpy as np
import pytest

from histoexpr.utils import Interval, check_constraints, validate_params


@validate_params(
    {"n": [Interval(Integral, 1, None, closed="left")]}, prefer_skip_nested_validation=True
)
def double(n):
    """Double."""
    return 2 * n


def test_the_parameter_and_the_function_are_named():
    assert double(2) == 4
    assert double(np.int64(2)) == 4
    for value in (0, 1.5, "1", None):
        with pytest.raises(ValueError, match="'n' parameter of double must be an int"):
            double(value)


def test_truth_values_are_no_numbers():
    with pytest.raises(ValueError, match="'n' parameter of double"):
        double(True)
    share = {"share": [Interval(Real, 0, 1, closed="both")]}
    check_constraints(share, {"share": 1}, "f")
    with pytest.raises(ValueError, match="'share' parameter of f"):
        check_constraints(share, {"share": True}, "f")
