import numpy as np
import pytest

from histoexpr.persistence._our_kinds import OUR_KINDS, SIGNALS
from histoexpr.transfer import LEARNED


def test_all_that_is_learned_of_signals_is_known():
    assert set(SIGNALS) == set(LEARNED)


@pytest.mark.parametrize("name", sorted(OUR_KINDS))
def test_what_may_be_missing_is_among_the_attributes(name):
    _, fields, optional = OUR_KINDS[name]
    assert optional <= set(fields or optional)


def test_windows_and_names_are_checked():
    SIGNALS["window_in_"]((-5000, 5000), {})
    with pytest.raises(ValueError, match="items"):
        SIGNALS["window_in_"]((1, 2, 3), {})
    with pytest.raises(ValueError, match="shape"):
        SIGNALS["mark_names_in_"](np.array(["a"]), {"marks": 2})
