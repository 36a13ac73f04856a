"""Simulated histone marks of several cell types, calibrated on real read counts.

Expression, expected profiles and counts are drawn in turn. Imports the containers and utilities.
"""

from ._make import make_histone_cells

__all__ = ["make_histone_cells"]
