"""A progress bar for long work."""

import sys

from tqdm import tqdm


class _Bar(tqdm):
    # The thread that redraws bars would start with the first bar, shown or not, and outlive
    # it: processes forked afterwards could deadlock.
    monitor_interval = 0


def progress_bar(iterable=None, *, total=None, desc=None, unit="it", show=True):
    """Return a tqdm bar on standard error.

    Parameters
    ----------
    iterable : iterable, default=None
        What to iterate over; without it, call ``update`` on the result.
    total : int, default=None
        Number of steps; taken from ``len(iterable)`` if that exists.
    desc : str, default=None
        What is going on.
    unit : str, default="it"
        Name of a step.
    show : bool, default=True
        With False nothing is shown.

    Returns
    -------
    tqdm.tqdm
    """
    return _Bar(
        iterable,
        total=total,
        desc=desc,
        unit=unit,
        file=sys.stderr,
        dynamic_ncols=True,
        disable=not show,
    )
