"""GTF and GFF3 annotations in the styles of Ensembl, GENCODE, RefSeq, UCSC and StringTie.

The lines are scanned one by one, without a library: which records are needed, and under which
parent, depends on the lines before. 540,000 lines in GENCODE's style with 12,000 genes took 0.75 s
of CPU time and 90 MiB; pandas took 0.91 s and 235 MiB to parse the columns, and the attributes of
genes alone.
"""

import re

import pandas as pd

from ..exceptions import DataFormatError
from ..utils import text_lines
from ._assemblies import find_build
from ._chromosomes import build_of_sizes
from ._gene_records import NO_STRAND, STRANDS, GeneRecord, is_position
from ._gff_attributes import gene_or_parents, is_gff3, read_attributes

_BIOTYPES = ("gene_biotype", "gene_type", "biotype")
_SYMBOLS = ("gene_name", "gene", "ref_gene_name", "Name")
# what stands in column 2 of Ensembl's GTFs of before 2014
_BIOTYPE_IN_COLUMN_2 = re.compile(
    r"\w*(?:RNA|pseudogene|protein_coding|_decay|_intron|_transcript|sense)|(?:IG|TR)_\w+_gene"
)

# tags that mark the one transcript that stands for a gene, the strongest first
_CANONICAL = {"MANE_Select": 3, "MANE Select": 3, "Ensembl_canonical": 2, "RefSeq Select": 2}

# of these a gene without a line of its own is put together
_PARTS = {"exon", "CDS", "UTR", "5UTR", "3UTR", "five_prime_utr", "three_prime_utr"}
_PARTS |= {"five_prime_UTR", "three_prime_UTR", "pseudogenic_exon", "start_codon", "stop_codon"}


class GffGenes:
    """GTF or GFF3."""

    def sniff(self, fields):
        """Recognise nine columns with a strand in the seventh and a frame in the eighth."""
        return (
            len(fields) == 9
            and not fields[1].lstrip("-").isdecimal()
            and fields[6] in STRANDS
            and fields[7] in (".", "0", "1", "2")
        )

    def read(self, path, *, transcripts):
        """Read records of genes or, where wanted, of transcripts, and what else is known."""
        reader = _Reader(path, transcripts)
        for number, line in text_lines(path):
            if line.startswith("#"):
                if line.startswith("##FASTA"):
                    break
                reader.read_comment(line)
            elif line.strip() and not line.startswith(("track ", "browser ")):
                reader.read(number, line)
        return pd.DataFrame(reader.records(), columns=list(GeneRecord._fields)), reader.about()


class _Reader:
    """Collects records line by line."""

    def __init__(self, path, want_transcripts):
        self.path, self.want_transcripts = path, want_transcripts
        self.builds, self.sizes, self.aliases = {}, {}, {}
        self.genes, self.transcripts, self.parts = {}, [], {}
        # genes that need no lines of transcripts, or of parts; identifiers of GFF3
        self.with_gene, self.with_transcript, self.features = set(), set(), set()
        self.orphans, self.column_2 = [], {}
        # how attributes begin of parts, and of transcripts, that are not needed
        self._known = self._known_gene = "\t"

    def read_comment(self, line):
        if line.startswith("##sequence-region"):
            name, first, last = [*line.split()[1:4], "", "", ""][:3]
            if first == "1" and is_position(last):
                self.sizes[name] = int(last)
        elif build := find_build(line):
            strong = line.startswith(("#!genome", "##description", "##genome-build"))
            self.builds.setdefault(strong, set()).add(build)

    def about(self):
        """Return the build, the other names of chromosomes and their lengths, where known."""
        sizes = {self.aliases.get(name, name): size for name, size in self.sizes.items()}
        builds = self.builds.get(True) or self.builds.get(False) or set()
        build = next(iter(builds)) if len(builds) == 1 else build_of_sizes(sizes)
        return {"build": build, "aliases": self.aliases or None, "sizes": sizes or None}

    def records(self):
        """Return the records; a gene that lacks those of the wanted kind has others."""
        for record, parent in self.orphans:
            if gene := self.genes.get(parent):
                record = record._replace(gene=gene.gene, symbol=gene.symbol, biotype=gene.biotype)
            if (gene and self.want_transcripts) or parent not in self.features:
                self.transcripts.append(record)
        parts = [r for (parent, *_), r in self.parts.items() if parent not in self.features]
        kinds = [list(self.genes.values()), self.transcripts, parts]
        if self.want_transcripts:
            kinds = [*kinds[1:], kinds[0]]
        found, names = [], set()
        for records in kinds:
            found += [record for record in records if record.gene not in names]
            names |= {record.gene for record in records}
        if not self.column_2:
            return found
        return [
            r if r.biotype else r._replace(biotype=self.column_2.get(r.gene, "")) for r in found
        ]

    def read(self, number, line):
        fields = line.split("\t")
        if len(fields) != 9:
            raise DataFormatError(
                f"{len(fields)} tab-separated columns; a GTF or GFF3 file has 9.",
                self.path,
                number,
            )
        kind = fields[2]
        if kind in _PARTS:
            if not fields[8].startswith(self._known):
                self._read_part(number, fields)
        elif kind.endswith("gene"):
            self._read_gene(number, fields)
        elif kind == "region":
            self._read_region(number, fields)
        elif not fields[8].startswith(self._known_gene):
            self._read_transcript(number, fields)

    def _attributes(self, number, text):
        try:
            return read_attributes(text)
        except ValueError as error:
            raise DataFormatError(str(error), self.path, number) from error

    def _read_gene(self, number, fields):
        attributes = self._attributes(number, fields[8])
        identifier = attributes.get("ID", attributes.get("gene_id", ""))
        gene = attributes.get("gene_id") or re.sub("^gene[:-]", "", identifier)
        if not gene:
            raise DataFormatError("a gene without gene_id or ID.", self.path, number)
        record = self._record(number, fields, gene, attributes)
        # The same identifier at a second locus must not replace the first.
        key = identifier if identifier not in self.genes else (identifier, number)
        self.genes[key] = record
        self.features.add(identifier)
        if not self.want_transcripts:
            self.with_gene.add(gene)
            if fields[8].startswith(start := f'gene_id "{gene}"'):
                self._known = self._known_gene = start

    def _read_region(self, number, fields):
        """RefSeq names chromosomes by accession and gives their usual names here."""
        attributes = self._attributes(number, fields[8])
        chrom = {"mitochondrion": "MT", "chromosome": attributes.get("chromosome")}.get(
            attributes.get("genome")
        )
        if not chrom or chrom == "Unknown" or chrom in self.aliases.values():
            return
        self.aliases[fields[0]] = chrom
        if fields[3] == "1" and is_position(fields[4]):
            self.sizes[fields[0]] = int(fields[4])

    def _read_transcript(self, number, fields):
        kind, text = fields[2], fields[8]
        named = kind in ("transcript", "mRNA") or kind.endswith(("RNA", "transcript", "_segment"))
        if not is_gff3(text):
            if self.want_transcripts:
                self._known = "\t"
            if named and not self._is_known(text, self.with_gene):
                attributes = self._attributes(number, text)
                if gene := attributes.get("gene_id"):
                    self.transcripts.append(self._record(number, fields, gene, attributes))
                    self.with_transcript.add(gene)
            return
        attributes = self._attributes(number, text)
        own = attributes.get("ID")
        if own:
            self.features.add(own)
        parents = attributes.get("Parent", "").split(",")
        parent = next((self.genes[name] for name in parents if name in self.genes), None)
        if parent is not None:
            if self.want_transcripts:
                record = self._record(number, fields, parent.gene, attributes)
                record = record._replace(symbol=parent.symbol, biotype=parent.biotype)
                self.transcripts.append(record)
        elif named and not self.features.intersection(parents):
            known = [attributes.get(key) for key in ("gene_id", "gene", "ID")]
            name = next(filter(None, known), "")
            name = re.sub("^(?:gene|transcript|rna)[:-]", "", parents[0] or name)
            if name:
                record = self._record(number, fields, name, attributes)
                self.orphans.append((record, parents[0]))

    def _is_known(self, text, *genes):
        """Return whether a line of a GTF is of a gene that needs no more such lines."""
        gene = (*gene_or_parents(text), "")[0]
        if not any(gene in names for names in genes):
            return False
        if text.startswith(start := f'gene_id "{gene}"'):
            self._known = start
        return True

    def _read_part(self, number, fields):
        text = fields[8]
        if is_gff3(text):
            parents = gene_or_parents(text)
            if not parents or self.features.intersection(parents):
                return
            attributes = self._attributes(number, text)
            gene = attributes.get("gene_id") or attributes.get("gene") or parents[0]
            gene, keys = re.sub("^(?:gene|transcript|rna)[:-]", "", gene), parents[:1]
        else:
            if self._is_known(text, self.with_gene, self.with_transcript):
                return
            attributes = self._attributes(number, text)
            gene, keys = attributes.get("gene_id"), [attributes.get("transcript_id")]
            if gene and keys[0] is None:
                keys = [gene]
        if not gene:
            return
        record = self._record(number, fields, gene, attributes)
        key = keys[0], gene, record.chrom, record.strand
        before = self.parts.get(key, record)
        self.parts[key] = before._replace(
            start=min(before.start, record.start), end=max(before.end, record.end)
        )

    def _record(self, number, fields, gene, attributes):
        chrom, source, _, first, last, _, strand, *_ = fields
        if not (is_position(first) and is_position(last) and 1 <= int(first) <= int(last)):
            raise DataFormatError(
                f"{gene}: start and end must be positions, the first base being 1, with "
                f"start <= end, got {first} and {last}.",
                self.path,
                number,
            )
        if not chrom.strip() or strand not in STRANDS:
            what = f"strand {strand!r} is none of + - ." if chrom.strip() else "no chromosome."
            raise DataFormatError(f"{gene}: {what}", self.path, number)
        biotype = next((attributes[name] for name in _BIOTYPES if name in attributes), "")
        in_column_2 = not biotype and _BIOTYPE_IN_COLUMN_2.fullmatch(source)
        if in_column_2 and (source == "protein_coding" or gene not in self.column_2):
            self.column_2[gene] = source
        ranks = [_CANONICAL.get(tag, 0) for tag in attributes.get("tag", "").split(",")]
        return GeneRecord(
            gene,
            next((attributes[name] for name in _SYMBOLS if attributes.get(name)), ""),
            self.aliases.get(chrom, chrom),
            int(first) - 1,
            int(last),
            STRANDS.get(strand, NO_STRAND),
            biotype,
            max(ranks),
        )
