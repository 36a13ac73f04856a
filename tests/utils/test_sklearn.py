"""scikit-learn's validation of parameters, as this package uses it."""

import inspect
from numbers import Integral, Real

import numpy as np
import pytest

from histoexpr.utils import (
    Interval,
    InvalidParameterError,
    StrOptions,
    check_constraints,
    validate_params,
)


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


def test_options_are_listed_in_the_same_order_in_every_run():
    options = StrOptions(set("hgfedcba"), deprecated={"h"})
    assert str(options).endswith("{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h' (deprecated)}")
    with pytest.raises(InvalidParameterError, match=r"'p' parameter of f.*{'a', 'b', 'c'}"):
        check_constraints({"p": [StrOptions({"c", "b", "a"})]}, {"p": "d"}, "f")


def test_arguments_that_do_not_fit_name_the_function():
    for arguments, fault in (
        (((), {}), "missing a required argument: 'n'"),
        (((1, 2), {}), "too many positional"),
        (((1,), {"m": 2}), "unexpected keyword argument 'm'"),
    ):
        with pytest.raises(TypeError, match=rf"^double\(\): .*{fault}"):
            double(*arguments[0], **arguments[1])
    assert (double.__name__, double.__doc__) == ("double", "Double.")
    assert str(inspect.signature(double)) == "(n)"
    assert inspect.signature(double) == inspect.signature(lambda n: n)
