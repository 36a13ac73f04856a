"""Generators from scikit-learn's random_state."""

import numpy as np
import pytest

from histoexpr.utils import random_generator


def test_every_form_of_random_state():
    assert random_generator(3).random() == np.random.default_rng(3).random()
    state = np.random.RandomState(0)
    assert random_generator(state).random() != random_generator(state).random()
    again = random_generator(np.random.RandomState(0)).random()
    assert again == random_generator(np.random.RandomState(0)).random()
    assert random_generator(None).random() != random_generator(None).random()
    with pytest.raises(ValueError, match="cannot be used to seed"):
        random_generator("a")
