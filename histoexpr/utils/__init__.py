"""Helpers shared by all parts of the package; not part of the public interface."""

from ._checks import (
    bins_between,
    check_marks,
    check_positive_int,
    check_window,
    check_X,
    is_memmap,
    is_missing,
    shorten,
    shrink_counts,
)
from ._files import atomic_folder, atomic_path
from ._moments import is_symmetric, signal_moments, signed_log1p
from ._optional import require
from ._progress import progress_bar
from ._text_files import open_text, text_chunks, text_lines
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
    "bins_between",
    "check_X",
    "check_marks",
    "check_positive_int",
    "check_signals",
    "check_window",
    "flatten_signals_frame",
    "is_memmap",
    "is_missing",
    "is_signals_frame",
    "is_symmetric",
    "open_text",
    "parse_signal_columns",
    "progress_bar",
    "require",
    "shorten",
    "shrink_counts",
    "signal_moments",
    "signed_log1p",
    "split_batches",
    "text_chunks",
    "text_lines",
]
