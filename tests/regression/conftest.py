"""Data shared by the tests of this room."""

import pytest

from support.regression import level_counts


@pytest.fixture(scope="session")
def levels():
    """Counts of two marks, and the level of the first in the second half of the bins."""
    return level_counts()
