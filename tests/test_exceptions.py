"""Errors name the file and the line, and survive pickling."""

import pickle

import pytest

from histoexpr.exceptions import DataFormatError


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("is cut short.",), "is cut short."),
        (("is cut short.", "a.csv"), "a.csv: is cut short."),
        (("is cut short.", "a.csv", 3), "a.csv, line 3: is cut short."),
    ],
)
def test_the_place_comes_first(args, text):
    error = DataFormatError(*args)
    again = pickle.loads(pickle.dumps(error))
    for one in (error, again):
        assert str(one) == text
        assert (one.message, one.path, one.line) == (*args, None, None)[:3]
