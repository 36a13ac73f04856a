"""Matrices that other tools have made: deepTools, Chromoformer and DeepDiff.

Marks are taken by name. Imports the container and utilities.
"""

from ._chromoformer import is_chromoformer, load_chromoformer
from ._compute_matrix import is_compute_matrix, read_compute_matrix
from ._deepdiff import is_deepdiff, load_deepdiff
from ._multibamsummary import read_multibamsummary

# The other names that are imported above are for load_data
__all__ = [
    "load_chromoformer",
    "load_deepdiff",
    "read_compute_matrix",
    "read_multibamsummary",
]
