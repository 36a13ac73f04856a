import numpy as np
import pytest

from histoexpr.persistence import _checks as checks

SIZES = {"marks": 2, "bins": 3}
GOOD = [
    (checks.array("f", "bins", "marks"), np.zeros((3, 2))),
    (checks.array("f", None, nan=True), np.array([np.nan])),
    (checks.array("f", None, infinite=True), np.array([-np.inf])),
    (checks.array("iu", low=0), np.array(5)),
    (checks.texts("marks"), np.array(["a", "b"], dtype=object)),
    (checks.texts(None, mixed=True), np.array([1, 2])),
    (checks.classes, np.array(["no", "yes"])),
    (checks.integer(1), np.int64(3)),
    (checks.number, 2.5),
    (checks.any_number, float("nan")),
    (checks.boolean, np.bool_(True)),
    (checks.text, "x"),
    (checks.nothing, None),
    (checks.each(checks.text, n="marks"), ["a", "b"]),
    (checks.by_name(checks.number), {"a": 1}),
    (checks.one_of(checks.nothing, checks.text), None),
    (checks.instance("str"), "x"),
    (checks.part, slice(0, np.int64(5), None)),
]
BAD = [
    (checks.array("f", "bins", "marks"), np.zeros((2, 3)), r"shape \(2, 3\); expected \(3, 2\)"),
    (checks.array("f", None), np.zeros(2, int), "array of int64; expected"),
    (checks.array("f", None), [0.0], "expected an array"),
    (checks.array("f", None), np.array([np.nan]), "not finite"),
    (checks.array("f", None, nan=True), np.array([np.inf]), "not finite"),
    (checks.array("f", None, low=0), np.array([-1.0]), "below 0"),
    (checks.texts("marks"), np.array(["a"]), "shape"),
    (checks.texts(None), np.array([1]), "names"),
    (checks.texts(None), np.array(["a", 1], dtype=object), "no names"),
    (checks.classes, np.array([1, 0]), "not sorted"),
    (checks.classes, np.array([0, 0]), "repeats"),
    (checks.classes, np.array(["a", 1], dtype=object), "mixes"),
    (checks.integer(1), 0, "at least 1"),
    (checks.integer(), True, "whole number"),
    (checks.integer(), 1 << 50, "whole number"),
    (checks.number, float("inf"), "finite"),
    (checks.any_number, "1", "number"),
    (checks.boolean, 1, "true or false"),
    (checks.text, 1, "text"),
    (checks.nothing, 0, "nothing"),
    (checks.each(checks.text, n=3), ["a"], "1 items; expected 3"),
    (checks.each(checks.text), "abc", "list"),
    (checks.by_name(checks.number), {1: 1}, "by name"),
    (checks.one_of(checks.nothing, checks.text), 5, "nothing.*text"),
    (checks.instance("Ridge"), 5, "expected Ridge"),
    (checks.instance(), 5, "expected an estimator"),
    (checks.part, slice(0, 0.5), "range"),
    (checks.part, slice(0, 1 << 60), "range"),
]


@pytest.mark.parametrize(("check", "value"), GOOD)
def test_what_fits_passes(check, value):
    assert check(value, SIZES) is None


@pytest.mark.parametrize(("check", "value", "fault"), BAD)
def test_what_does_not_fit_is_described(check, value, fault):
    with pytest.raises(ValueError, match=fault):
        check(value, SIZES)


def test_sizes_come_of_attributes():
    state = {"n_features_in_": 4, "n_marks_in_": True, "classes_": np.array(["a", "b", "c"])}
    assert checks.sizes_of(state) == {"features": 4, "classes": 3, "decisions": 3}
