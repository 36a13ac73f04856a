"""Data sets: the container, files, and the built-in simulation."""

from ._build import build_dataset
from ._dataset import HistoneDataset
from ._deepchrome import load_deepchrome
from ._deepchrome_save import save_deepchrome
from ._labels import binarize_expression, relabel

__all__ = [
    "HistoneDataset",
    "binarize_expression",
    "build_dataset",
    "load_deepchrome",
    "relabel",
    "save_deepchrome",
]
