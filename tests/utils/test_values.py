"""Single values: missing, positive, shortened."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from histoexpr.utils import (
    check_path,
    check_positive_int,
    check_type,
    describe,
    is_missing,
    shorten,
)


@pytest.mark.parametrize("value", [None, "", float("nan"), np.float32("nan"), pd.NA, pd.NaT])
def test_missing(value):
    assert is_missing(value) is True


@pytest.mark.parametrize("value", [0, "NA", " ", False, [], np.array([np.nan]), {"a"}])
def test_not_missing(value):
    assert is_missing(value) is False


def test_positive_integers():
    assert type(check_positive_int("n", np.int64(3))) is int
    for value in (0, -1, 2.0, True, "3", None):
        with pytest.raises(ValueError, match="n must be a positive integer, got"):
            check_positive_int("n", value)


def test_types():
    check_type("n", True, int, "Count.")
    with pytest.raises(TypeError, match=r"n must be an OSError, got int\. Raise one\."):
        check_type("n", 3, OSError, "Raise one.")
    for value in ("a/b", Path("a/b")):
        with pytest.raises(TypeError, match=r"n must be a Fraction, got 'a/b'\. Divide\."):
            check_type("n", value, Fraction, "Divide.")


def test_shortened():
    assert shorten("abc") == "a, b, c"
    assert shorten(range(9), 2) == "0, 1 ... (9 in all)"


def test_paths():
    assert check_path("a/b") == check_path(Path("a/b")) == Path("a/b")
    with pytest.raises(TypeError, match=r"^data_home must be a str or path-like, got 3\.$"):
        check_path(3, name="data_home")
    with pytest.raises(ValueError, match=r"path .*got a value of type DataFrame\. Save it\.$"):
        check_path(pd.DataFrame(), "Save it.")


def test_values_in_messages():
    assert [describe(value) for value in (None, "a", 2.5)] == ["None", "'a'", "2.5"]
    assert describe([1, 2]) == "a value of type list"
    assert describe("a" * 99) == "a value of type str"
