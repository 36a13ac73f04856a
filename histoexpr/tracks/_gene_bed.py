"""Genes in BED6 and BED12 files."""

import pandas as pd

from ..exceptions import DataFormatError
from ..utils import text_lines
from ._gene_format import GeneFormat, check_genes


class BedGenes(GeneFormat):
    """BED: the name in column 4 is the gene, and column 6 its strand."""

    def sniff(self, source, fields):
        """Recognise positions in columns 2 and 3."""
        return bool(fields and len(fields) > 2 and fields[1].isdecimal() and fields[2].isdecimal())

    def read(self, source, *, transcripts):
        """Read one record a line."""
        numbers, rows = [], []
        for number, line in text_lines(source):
            if not line.strip() or line.startswith(("#", "track", "browser")):
                continue
            fields = line.split("\t") if "\t" in line else line.split()
            if len(fields) < 4 or not fields[3].strip():
                raise DataFormatError(
                    "a gene needs a name in column 4 and a strand in column 6.", source, number
                )
            numbers.append(number)
            rows.append([*fields[:4], fields[5] if len(fields) > 5 else "."])
        columns = ["chrom", "start", "end", "gene", "strand"]
        return check_genes(pd.DataFrame(rows, numbers, columns, dtype=object), source), None
