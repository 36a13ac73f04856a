"""Randomness and devices."""

import multiprocessing
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from histoexpr._training import draw_seed, gradients, isolated_torch_rng, resolve_device


def test_torch_is_seeded_inside_and_untouched_outside():
    before = torch.random.get_rng_state()
    drawn = []
    for seed in (1, 1, 2):
        with isolated_torch_rng(seed, "cpu"):
            drawn.append(torch.rand(3).tolist())
    assert drawn[0] == drawn[1] != drawn[2]
    assert torch.equal(torch.random.get_rng_state(), before)


def test_seeds_come_from_the_random_state():
    first, second = (draw_seed(np.random.RandomState(7)) for _ in range(2))
    assert first == second
    assert 0 <= first < 2**31 - 1


def test_gradients_whatever_is_switched_off():
    with torch.inference_mode(), gradients():
        x = torch.ones(2, requires_grad=True)
        (2 * x).sum().backward()
    assert x.grad.tolist() == [2, 2]


def test_devices():
    assert resolve_device("auto") in ("cpu", "cuda")
    assert resolve_device("cpu") == "cpu"
    for device in ("nonsense", "meta"):
        with pytest.raises(ValueError, match=f"device='{device}'.*Use device='auto'"):
            resolve_device(device)


def test_threads_take_turns():
    def draw(seed):
        with isolated_torch_rng(seed, "cpu"):
            first = torch.rand(2).tolist()
            time.sleep(0.002)
            return first + torch.rand(2).tolist()

    before = torch.random.get_rng_state()
    alone = [draw(seed) for seed in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(draw, range(12)))

    assert together == alone
    assert torch.equal(torch.random.get_rng_state(), before)
    with isolated_torch_rng(0, "cpu"), isolated_torch_rng(1, "cpu"):
        assert torch.rand(2).tolist() + torch.rand(2).tolist() == alone[1]


def test_a_fork_does_not_wait_for_a_turn_that_no_thread_of_it_holds():
    context = multiprocessing.get_context("fork")
    with isolated_torch_rng(0, "cpu"):
        child = context.Process(target=_seed_once)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            thread = threading.Thread(target=child.start)
            thread.start()
            thread.join()
        child.join(30)
    assert child.exitcode == 0


def _seed_once():
    with isolated_torch_rng(0, "cpu"):
        pass
