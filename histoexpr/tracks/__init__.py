"""Tracks of sequencing reads or signal, and annotations of genes, made into a data set.

Read BAM, tagAlign, BED, bigWig and bedGraph files; place windows around TSS; count.
Imports the rooms of labels, data sets and utilities.
"""

from ._build import build_dataset
from ._build_steps import describe_report
from ._count import TrackCounts, count_track
from ._formats import detect_format
from ._genes import Genes, read_genes
from ._parallel import clear_work
from ._read_filter import ReadFilter
from ._track_table import read_track_table
from ._windows import Windows, place_windows

# The other names that are imported above are for other rooms
__all__ = ["Genes", "ReadFilter", "build_dataset", "read_genes"]
