"""Data sets: the container, files, and the built-in simulation."""

from ._audit import audit_labels
from ._audit_report import AuditReport
from ._build import build_dataset
from ._dataset import HistoneDataset
from ._deepchrome import load_deepchrome
from ._deepchrome_save import save_deepchrome
from ._fetch import fetch_deepchrome, fetch_roadmap_expression
from ._labels import binarize_expression, relabel
from ._simulate import make_histone_cells

__all__ = [
    "AuditReport",
    "HistoneDataset",
    "audit_labels",
    "binarize_expression",
    "build_dataset",
    "fetch_deepchrome",
    "fetch_roadmap_expression",
    "load_deepchrome",
    "make_histone_cells",
    "relabel",
    "save_deepchrome",
]
