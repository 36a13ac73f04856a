"""Helpers shared by all parts of the package; not part of the public interface."""

from ._files import atomic_folder, atomic_path
from ._moments import signal_moments, signed_log1p
from ._optional import require
from ._progress import progress_bar
from ._validation import (
    check_signals,
    flatten_signals_frame,
    is_signals_frame,
    parse_signal_columns,
    split_batches,
)

__all__ = [
    "atomic_folder",
    "atomic_path",
    "check_signals",
    "flatten_signals_frame",
    "is_signals_frame",
    "parse_signal_columns",
    "progress_bar",
    "require",
    "signal_moments",
    "signed_log1p",
    "split_batches",
]
