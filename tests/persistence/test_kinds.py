import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from histoexpr.persistence import _kinds
from histoexpr.persistence._kinds import callable_by_name, find_kind, kind_by_name


def test_every_kind_is_the_class_that_it_names():
    for name, kind in _kinds.KINDS.items():
        assert kind_by_name(name, "x").load().__name__ == kind.attribute == name.split(".")[1]


def test_every_function_is_what_it_names():
    for name in _kinds.CALLABLES:
        function = callable_by_name(name, "x")
        assert function.__name__ == name.split(".")[-1]
        assert _kinds.name_of_callable(function) == name


def test_a_class_of_the_same_name_is_not_taken_for_ours():
    class Other(StandardScaler):
        pass

    Other.__name__ = "StandardScaler"
    with pytest.raises(ValueError, match="cannot be kept safely"):
        find_kind(Other(), "x")
    assert _kinds.name_of_callable(lambda x: np.log1p(x)) is None


def test_what_somebody_added_is_refused():
    scaler = StandardScaler().fit(np.zeros((2, 1)))
    scaler.note_ = "mine"
    with pytest.raises(ValueError, match="note_"):
        find_kind(scaler, "x").take(scaler, "x")
