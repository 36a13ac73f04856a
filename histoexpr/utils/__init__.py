"""Helpers shared by all rooms; not part of the public interface.

Validation of X and of parameters, optional imports, files, text, JSON, tables and progress bars;
scikit-learn's private names. Imports exceptions only.
"""

from ._arrays import as_float32, is_memmap, shrink_counts, split_batches
from ._atomic_files import atomic_folder, atomic_path, naming_full_disk
from ._checksums import check_crc, check_file, crc_of_file, hash_file, read_sealed, write_sealed
from ._data_sets import is_dataset
from ._describe_model import describe_model
from ._estimator_signals import check_signals, find_labels
from ._exclude_cells import exclude_cells
from ._json import json_text, read_json, to_json, write_json
from ._mark_names import check_marks, parse_signal_columns
from ._match_signals import (
    ORIENTATIONS,
    are_numbers,
    find_order,
    known_names,
    match_signals,
    name_marks,
    take_marks,
)
from ._npy_files import HEADER_FAULTS, load_npy, npy_header
from ._optional_imports import require
from ._pair_names import (
    FIRST,
    SECOND,
    cells_of_pair,
    pair_marks,
    pair_name,
    signed_dtype,
    swap_sides,
    swapped_marks,
)
from ._progress_bar import progress_bar
from ._random_state import random_generator
from ._signal_moments import is_symmetric, mean_signal, signal_moments, signed_log1p
from ._signals import (
    SignalSource,
    check_signal_array,
    check_X,
    read_signals,
    refuse_masked,
    warn_of_swapped_axes,
)
from ._sklearn import (
    HasMethods,
    Interval,
    InvalidParameterError,
    StrOptions,
    boosted_trees,
    check_constraints,
    check_feature_names_in,
    check_sample_weight,
    fit_context,
    num_samples,
    output_config,
    safe_indexing,
    set_boosted_trees,
    tree_node_dtype,
    validate_params,
)
from ._tables import Result, format_table, read_text_cell, write_csv
from ._text_files import open_text, text_chunks, text_lines
from ._tss_window import bins_between, check_window, one_value, region_edges
from ._values import check_path, check_positive_int, check_type, describe, is_missing, shorten
from ._workers import end_with_parent

# Nothing here is for users: the names above are for other rooms
__all__ = []
