"""Data sets: the container, files, and the built-in simulation."""

from ._dataset import HistoneDataset

__all__ = ["HistoneDataset"]
