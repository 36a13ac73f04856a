"""Random numbers from scikit-learn's ``random_state``."""

from numbers import Integral

import numpy as np
from sklearn.utils import check_random_state


def random_generator(random_state):
    """Return a NumPy Generator: seeded with an integer, else with a draw from the state."""
    if not isinstance(random_state, Integral):
        random_state = check_random_state(random_state).randint(np.iinfo(np.int32).max)
    return np.random.default_rng(random_state)
