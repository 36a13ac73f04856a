"""Data sets and expression tables: the containers, their files, downloads and the simulation.

The sub-rooms ``deepchrome`` and ``simulation`` hold the benchmark's file layout and the
simulated cells. Imports utilities only.
"""

from ._anndata import from_anndata, to_anndata
from ._cell_columns import select_cells
from ._dataset import HistoneDataset
from ._expression_table import ExpressionTable
from ._fetch import fetch_deepchrome, fetch_roadmap_expression
from ._hash_dataset import hash_dataset
from ._load_data import load_data
from ._match_genes import MatchedGenes, match_annotation, match_genes
from ._pairs import check_expression, pair_cells
from ._published import PUBLISHED, fetch_file
from ._read_expression import read_expression, read_expression_files
from ._saved import check_target
from ._swap_pairs import swap_pairs
from ._xarray import from_xarray, to_xarray
from .deepchrome import load_deepchrome, save_deepchrome
from .ready_made import (
    load_chromoformer,
    load_deepdiff,
    read_compute_matrix,
    read_multibamsummary,
)
from .simulation import make_histone_cells, save_example

# The other names that are imported above are for other rooms
__all__ = [
    "ExpressionTable",
    "HistoneDataset",
    "fetch_deepchrome",
    "fetch_file",
    "fetch_roadmap_expression",
    "from_anndata",
    "from_xarray",
    "load_chromoformer",
    "load_data",
    "load_deepchrome",
    "load_deepdiff",
    "make_histone_cells",
    "pair_cells",
    "read_compute_matrix",
    "read_expression",
    "read_multibamsummary",
    "save_deepchrome",
    "save_example",
    "swap_pairs",
    "to_anndata",
    "to_xarray",
]
