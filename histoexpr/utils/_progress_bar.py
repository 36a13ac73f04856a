"""A progress bar for long work."""

import sys

from tqdm import tqdm


class _Bar(tqdm):
    # The thread that redraws bars would start with the first bar, shown or not, and outlive
    # it: processes forked afterwards could deadlock.
    monitor_interval = 0


def progress_bar(iterable=None, *, show=True, **options):
    """Return a tqdm bar on standard error; without an iterable, call ``update`` on it."""
    return _Bar(iterable, file=sys.stderr, dynamic_ncols=True, disable=not show, **options)
