"""Simulated histone marks of several cell types, calibrated on real read counts.

Expression, expected profiles and counts are drawn in turn, or reads written as files. Imports the
containers and utilities.
"""

from ._example import save_example
from ._make import make_histone_cells

__all__ = ["make_histone_cells", "save_example"]
