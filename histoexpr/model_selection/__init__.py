"""Splitters that keep cells, genes and chromosomes apart."""

from ._groups import CellGroups, check_groups

__all__ = ["CellGroups", "check_groups"]
