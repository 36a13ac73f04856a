import copy

import numpy as np
import pytest

from histoexpr import SignalGenerator, make_histone_cells
from histoexpr.generation._saved_state import restore, state_of

SETTINGS = {"n_steps": 2, "width": 4, "latent_dim": 4, "encoder_steps": 2, "batch_size": 8}


@pytest.fixture(scope="module")
def fitted():
    data = make_histone_cells(n_cells=2, n_genes=30, random_state=0)
    return SignalGenerator(**SETTINGS, random_state=0).fit(data, cell=data.cell), data


def test_a_generator_comes_back_with_its_conditions(fitted):
    generator, _ = fitted
    made = SignalGenerator(**SETTINGS)
    restore(made, state_of(generator))
    ask = {"y": 1, "cell": "C02", "random_state": 0}
    np.testing.assert_array_equal(made.sample(4, **ask), generator.sample(4, **ask))
    assert made.cells_.tolist() == ["C01", "C02"]


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("n_bins_in_", lambda n: 10**9, "imply|other weights"),
        ("n_bins_in_", lambda n: 0, "no bins"),
        ("n_marks_in_", lambda n: "5", "whole number"),
        ("counts_", lambda n: 1, "true or false"),
        ("history_", lambda n: None, "no list"),
        ("generator_", lambda w: {**w, "x": w["shift"]}, "other weights"),
        ("generator_", lambda w: {**w, "shift": w["shift"] * np.nan}, "not finite"),
        ("conditions", lambda c: {**c, "counts": -c["counts"]}, "counts"),
        ("conditions", lambda c: {**c, "combinations": c["combinations"] * 2}, "one-hot"),
        ("conditions", lambda c: {**c, "values": {"os": c["values"]["y"]}}, "malformed"),
        ("conditions", lambda c: {**c, "values": {"y": c["values"]["y"][::-1]}}, "sorted"),
        ("conditions", lambda c: {"values": {}}, "malformed"),
    ],
)
def test_states_that_do_not_fit_are_refused(fitted, name, change, fault):
    state = copy.deepcopy(state_of(fitted[0]))
    state[name] = change(state[name])
    with pytest.raises(ValueError, match=fault):
        restore(SignalGenerator(**SETTINGS), state)
