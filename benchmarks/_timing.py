"""Timing alternatives in turn within one process."""

import statistics
import time


def interleaved(alternatives, repeats, clock=time.perf_counter):
    """Run every alternative in turn, several times, after one uncounted round.

    Parameters
    ----------
    alternatives : dict of str -> callable
    repeats : int
    clock : callable
        time.process_time takes CPU time, which a busy neighbour lengthens less.

    Returns
    -------
    dict of str -> list of float
        Seconds.
    """
    for function in alternatives.values():
        function()
    seconds = {name: [] for name in alternatives}
    for _ in range(repeats):
        for name, function in alternatives.items():
            start = clock()
            function()
            seconds[name].append(clock() - start)
    return seconds


def report(title, seconds, ours):
    """Print medians and the ratio of every alternative to ours, pair by pair."""
    print(f"\n{title}")
    for name, values in seconds.items():
        ratios = [other / own for other, own in zip(values, seconds[ours], strict=True)]
        print(
            f"  {name:<42} {statistics.median(values):9.4f} s"
            f"   {statistics.median(ratios):9.2f} × {ours}"
        )
