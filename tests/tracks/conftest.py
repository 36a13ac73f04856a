"""Tracks of two cells and two marks, their genes and expression."""

import numpy as np
import pytest

from histoexpr.datasets import ExpressionTable
from support.track_files import random_reads, write_bam


@pytest.fixture
def reads():
    """Reads of two cells and two marks."""
    rng = np.random.default_rng(0)
    return {(c, m): random_reads(rng, 300) for c in ("A", "B") for m in ("H3K4me3", "H3K27me3")}


@pytest.fixture
def tracks(tmp_path, reads):
    """The reads as BAM files and the table of tracks."""
    lines = ["cell\tmark\tfile"]
    for (cell, mark), of_track in reads.items():
        write_bam(tmp_path / f"{cell}-{mark}.bam", of_track)
        lines.append(f"{cell}\t{mark}\t{cell}-{mark}.bam")
    path = tmp_path / "tracks.tsv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def genes(tmp_path):
    path = tmp_path / "genes.bed"
    path.write_text(
        "chr1\t3000\t5000\tG1\t0\t+\n"
        "chr1\t8000\t9000\tG2\t0\t-\n"
        "chr2\t2500\t2600\tG3\t0\t+\n"
        "chr1\t15000\t16000\tG4\t0\t+\n"
    )
    return path


@pytest.fixture
def expression():
    values = [[1.0, 40.0], [2.0, 30.0], [3.0, 20.0], [4.0, 10.0], [0.0, 0.0]]
    return ExpressionTable(values, ["G1", "G2", "G3", "G4", "G5"], ["A", "B"], unit="RPKM")


@pytest.fixture
def edge_genes(tmp_path):
    path = tmp_path / "edge.bed"
    path.write_text(
        "chr2\t100\t101\tleft\t0\t+\nchr2\t2500\t2501\tinside\t0\t+\n"
        "chr2\t4900\t4901\tright\t0\t+\nchr3\t2500\t2501\tunknown\t0\t+\n"
    )
    return path
