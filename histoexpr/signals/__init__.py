"""Tracks, gene annotations and expression tables, read into arrays."""

import importlib

from ._count import TrackCounts, count_track
from ._expression import read_expression
from ._expression_table import ExpressionTable
from ._formats import detect_format
from ._genes import Genes, read_genes
from ._reads import ReadFilter
from ._windows import Windows, place_windows

__all__ = [
    "ExpressionTable",
    "Genes",
    "ReadFilter",
    "TrackCounts",
    "Windows",
    "build_dataset",
    "count_track",
    "detect_format",
    "place_windows",
    "read_expression",
    "read_genes",
]


def __getattr__(name):
    # It returns a HistoneDataset, and data sets stand above signals: imported on use.
    if name == "build_dataset":
        return importlib.import_module("histoexpr.datasets").build_dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
