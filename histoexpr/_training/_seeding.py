"""Seeds of torch, and the choice of the device."""

import contextlib
import os
import threading

import torch

# scikit-learn's seeds fit into 32 bits
_MAX_SEED = 2**31 - 1


def draw_seed(rng):
    """Draw a seed for torch from a numpy RandomState."""
    return int(rng.randint(_MAX_SEED))


# torch draws from one generator per process: blocks that seed it take turns
_turn = threading.RLock()


def _renew_turn():
    global _turn
    _turn = threading.RLock()  # a fork may have copied one that another thread holds


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_turn)


@contextlib.contextmanager
def isolated_torch_rng(seed, device):
    """Seed torch inside the block, also on the device; its global state stays untouched.

    Threads take turns, so that what is drawn in the block depends on the seed only.
    """
    device = torch.device(device)
    on_gpu = device.type == "cuda"
    with _turn, torch.random.fork_rng(devices=[device] if on_gpu else []):
        # torch.manual_seed would seed the devices that are not saved here, too
        torch.default_generator.manual_seed(seed)
        if on_gpu:
            with torch.cuda.device(device):
                torch.cuda.manual_seed(seed)
        yield


@contextlib.contextmanager
def gradients():
    """Compute gradients inside the block, whatever the user has switched off."""
    with torch.inference_mode(False), torch.enable_grad():
        yield


def resolve_device(device):
    """Return a device that exists here, for ``"auto"`` CUDA where there is one."""
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        if torch.device(device).type not in ("cpu", "cuda", "mps"):
            raise RuntimeError("Only cpu, cuda and mps compute")
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            f"The device={device!r} is not available here ({str(error).splitlines()[0]}). "
            "Use device='auto' or 'cpu'."
        ) from error
    return str(device)
