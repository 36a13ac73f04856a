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
from ._json import json_text, read_json, to_json, write_json
from ._moments import is_symmetric, signal_moments, signed_log1p
from ._optional import require
from ._progress import progress_bar
from ._sklearn import (
    HasMethods,
    Interval,
    Options,
    StrOptions,
    check_constraints,
    check_feature_names_in,
    check_sample_weight,
    fit_context,
    num_samples,
    output_config,
    validate_params,
)
from ._tables import Result, format_table, write_csv
from ._text_files import open_text, text_chunks, text_lines
from ._validation import (
    check_signals,
    flatten_signals_frame,
    is_signals_frame,
    parse_signal_columns,
    split_batches,
)

__all__ = [
    "HasMethods",
    "Interval",
    "Options",
    "Result",
    "StrOptions",
    "atomic_folder",
    "atomic_path",
    "bins_between",
    "check_X",
    "check_constraints",
    "check_feature_names_in",
    "check_marks",
    "check_positive_int",
    "check_sample_weight",
    "check_signals",
    "check_window",
    "fit_context",
    "flatten_signals_frame",
    "format_table",
    "is_memmap",
    "is_missing",
    "is_signals_frame",
    "is_symmetric",
    "json_text",
    "num_samples",
    "open_text",
    "output_config",
    "parse_signal_columns",
    "progress_bar",
    "read_json",
    "require",
    "shorten",
    "shrink_counts",
    "signal_moments",
    "signed_log1p",
    "split_batches",
    "text_chunks",
    "text_lines",
    "to_json",
    "validate_params",
    "write_csv",
    "write_json",
]
