"""NumPy files of others: what the header declares is held against the file before it is read."""

import math
import tokenize

import numpy as np

from ..exceptions import DataFormatError

# What NumPy raises on headers of any content
HEADER_FAULTS = (
    ValueError, TypeError, SyntaxError, EOFError, OverflowError, MemoryError, KeyError,
    RecursionError, tokenize.TokenError,
)  # fmt: skip


def npy_header(file):
    """Return shape, dtype and place of the values in an open ``.npy`` file; raises HEADER_FAULTS.

    Pickled objects are refused.
    """
    major, _ = np.lib.format.read_magic(file)
    read = (
        np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
    )
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise ValueError("it holds pickled objects, which could run code")
    if any(length < 0 for length in shape):
        raise ValueError(f"it has the shape {shape}")
    return shape, dtype, file.tell()


def load_npy(path, *, mmap_mode=None, remedy="Make it again."):
    """Load a ``.npy`` file whose size is what its header declares, else DataFormatError."""
    try:
        with open(path, "rb") as file:
            shape, dtype, start = npy_header(file)
            size = file.seek(0, 2)
        declared = start + math.prod(shape) * dtype.itemsize
        if size != declared:
            raise DataFormatError(
                f"is {size:,} bytes long, but its header declares {declared:,}. {remedy}", path
            )
        return np.load(path, mmap_mode=mmap_mode, allow_pickle=False)
    except FileNotFoundError as error:
        raise DataFormatError(f"is missing. {remedy}", path) from error
    except DataFormatError:
        raise
    except (OSError, *HEADER_FAULTS) as error:
        raise DataFormatError(f"cannot be read ({error}). {remedy}", path) from error
