"""A progress bar for long work."""

import sys


class _Silent:
    """Stands in for a progress bar when none is wanted."""

    def __init__(self, iterable=None):
        self._iterable = iterable

    def __iter__(self):
        return iter(self._iterable)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        return None

    def update(self, n=1):
        """Do nothing."""

    def set_postfix_str(self, text):
        """Do nothing."""

    def close(self):
        """Do nothing."""


def progress_bar(iterable=None, *, total=None, desc=None, unit="it", show=True):
    """Wrap an iterable in a progress bar on standard error.

    Parameters
    ----------
    iterable : iterable, optional
        What to iterate over; without it, call ``update`` on the result.
    total : int, optional
        Number of steps; taken from ``len(iterable)`` if that exists.
    desc : str, optional
        What is going on.
    unit : str, default="it"
        Name of a step.
    show : bool, default=True
        With False nothing is shown.

    Returns
    -------
    bar
        Iterable, context manager, with ``update``, ``set_postfix_str`` and ``close``.
    """
    if not show:
        return _Silent(iterable)
    try:
        from tqdm import tqdm  # comes with skorch
    except ImportError:
        return _Silent(iterable)
    return tqdm(iterable, total=total, desc=desc, unit=unit, file=sys.stderr, dynamic_ncols=True)
