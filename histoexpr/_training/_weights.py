"""The weights of a network as arrays, and a network with given weights."""

import numpy as np
import torch


def weights_of(module):
    """Return the parameters and buffers of a network as arrays by name."""
    state = module.state_dict()
    return {name: value.detach().cpu().numpy().copy() for name, value in state.items()}


def network_with(build, weights):
    """Return a network with given weights, which may come from a stranger's file.

    ``build`` makes the network. It is called on torch's device without memory first: weights that
    do not have its names, shapes and types, or are not finite, raise ValueError before a network
    that may be huge takes memory.
    """
    if not isinstance(weights, dict):
        raise ValueError("the weights of the network are missing")
    with torch.device("meta"):
        expected = build().state_dict()
    if set(weights) != set(expected):
        odd = min(set(weights) ^ set(expected))
        raise ValueError(f"the network has other weights than its parameters imply ({odd[:40]})")
    for name, like in expected.items():
        given = weights[name]
        dtype = torch.empty(0, dtype=like.dtype).numpy().dtype
        if not isinstance(given, np.ndarray) or given.dtype != dtype:
            raise ValueError(f"the weights {name} are no array of {dtype}")
        if given.shape != tuple(like.shape):
            raise ValueError(
                f"the weights {name} have shape {given.shape}; the parameters imply "
                f"{tuple(like.shape)}"
            )
        if given.dtype.kind == "f" and not np.isfinite(given).all():
            raise ValueError(f"the weights {name} are not finite")
    module = build()
    module.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    return module


def load_weights(module, weights, only=""):
    """Give a network weights by name, of those whose names start with ``only``."""
    state = {n: torch.from_numpy(v) for n, v in weights.items() if n.startswith(only)}
    module.load_state_dict(module.state_dict() | state)


def is_altered(module):
    """Whether someone gave a network hooks or another ``forward``: its weights then say too little."""
    return "forward" in vars(module) or any(
        part._forward_hooks or part._forward_pre_hooks for part in module.modules()
    )
