"""Data shared by the tests of this room."""

import pytest

from support.classifiers import two_mark_counts


@pytest.fixture(scope="session")
def counts():
    """Counts of two marks; the first is higher in class 1, at the centre only."""
    return two_mark_counts()
