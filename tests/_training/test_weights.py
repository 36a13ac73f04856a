import numpy as np
import pytest
import torch

from histoexpr._training import network_with, weights_of


def build():
    return torch.nn.Linear(3, 2)


def test_weights_come_back():
    weights = weights_of(build())
    again = weights_of(network_with(build, weights))
    assert {n: w.tobytes() for n, w in weights.items()} == {
        n: w.tobytes() for n, w in again.items()
    }


def test_other_weights_are_refused_before_the_network_is_made():
    weights = weights_of(build())
    calls = []

    def huge():
        calls.append(torch.empty(0).device.type)
        return torch.nn.Linear(10**7, 10**7)

    with pytest.raises(ValueError, match="imply"):
        network_with(huge, weights)
    assert calls == ["meta"]
    for name, value, fault in (
        ("bias", weights["bias"].astype(np.float64), "no array of float32"),
        ("bias", weights["bias"] * np.nan, "not finite"),
        ("other", weights["bias"], "other weights"),
    ):
        with pytest.raises(ValueError, match=fault):
            network_with(build, weights | {name: value})
    with pytest.raises(ValueError, match="missing"):
        network_with(build, None)
