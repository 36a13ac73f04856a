"""Chromosome names in several spellings, and chromosome sizes."""

import re

import numpy as np

from ..exceptions import DataFormatError
from . import _assemblies as assemblies

_MITOCHONDRION = ("m", "mito", "mtdna", "mitochondrion", "mitochondrion_genome")

# UCSC's names of scaffolds hold their accessions: chr1_KI270706v1_random is KI270706.1
_SCAFFOLD = re.compile(r"chr(?:\w{1,2})_([a-z]{2}\d{6})(?:v(\d+))?(?:_random|_alt|_fix)?")

# Scaffolds by accession, or by what UCSC writes behind the name of a chromosome
_ALTERNATIVE = re.compile(
    r"^(?:[a-z]{1,2}\d{6}\.\d|n[tw]_\d{6}|un_)|_(?:random|alt|fix|hap\d+)$|^hs(?:chr)?\w+_"
)


def plain_name(chrom):
    """Return a chromosome's name without what annotations and tracks write differently.

    ``1``, ``chr1``, ``chr01`` and accessions such as ``NC_000001.11`` and ``CM000663.2`` are one.
    """
    if number := assemblies.chromosome_of_accession(chrom):
        return number
    name = chrom.lower()
    if scaffold := _SCAFFOLD.fullmatch(name):
        return f"{scaffold[1]}.{scaffold[2] or 1}"
    name = name.removeprefix("chr")
    if name in _MITOCHONDRION:
        return "mt"
    return (name.lstrip("0") or name) if name.isdecimal() else name


def locus_rank(chrom):
    """Return how unusual the chromosomes (array of str) are: 0, 1 for Y, 2 for scaffolds.

    What stands on two of them is the same gene on the one with the lower rank: copies on Y are
    those of the regions that X and Y share; scaffolds are alternatives of chromosomes.
    """
    names, place = np.unique(chrom, return_inverse=True)
    plain = [plain_name(name) for name in names.tolist()]
    rank = [2 if _ALTERNATIVE.search(name) else int(name == "y") for name in plain]
    return np.array(rank, dtype=int)[place]


def build_of_sizes(sizes):
    """Return the genome build (UCSC name) with the chromosome lengths given, or None.

    ``sizes`` has lengths in bp by names in any spelling.
    """
    return assemblies.build_of_sizes({plain_name(name): size for name, size in sizes.items()})


def builds_with_room(ends, *, slack=0):
    """Return the set of known genome builds (UCSC names) that positions may be of.

    ``ends`` has the last position in bp (exclusive) on each chromosome, by names in any spelling;
    ``slack`` is how many bp it may lie beyond the end. Empty if the genome is none that is known.
    Two sets that are not empty and have nothing in common are of different builds.
    """
    plain = {}
    for name, end in ends.items():
        plain[plain_name(name)] = max(end, plain.get(plain_name(name), 0))
    return assemblies.builds_with_room(plain, slack=slack)


def size_in(build, chrom):
    """Return the length in bp of a chromosome, in any spelling, in a known build, or None."""
    return assemblies.SIZES.get(build, {}).get(plain_name(chrom))


class ChromosomeNames:
    """Matches chromosome names of a track to those of the genes: ``1`` and ``chr1`` are one.

    The very same name takes precedence over what the annotation says (``aliases``: accession ->
    its chromosome), and that over another spelling. ``present`` are all chromosomes of the track,
    if it lists them.
    """

    def __init__(self, wanted, present, path, aliases=None):
        self.path = path
        self._wanted = set(wanted)
        self._present = set(present)
        self._aliases = aliases or {}
        self._accessions = {chrom: alias for alias, chrom in self._aliases.items()}
        self._by_plain_name = {}
        for chrom in sorted(self._wanted):
            self._by_plain_name.setdefault(plain_name(chrom), []).append(chrom)
        self.found = {}

    def resolve(self, name):
        """Return the chromosome of the genes that ``name`` is, or None.

        A track with two names for the same chromosome is refused, and accessions of two builds.
        """
        if name in self._wanted:
            wanted = name
        else:
            same = self._by_plain_name.get(plain_name(name), [])
            if self._aliases.get(name) in self._wanted:
                same = [self._aliases[name]]
            if len(same) != 1 or same[0] in self._present:
                return None
            wanted = same[0]
            self._check_accessions(name, self._accessions.get(wanted, wanted))
        known = self.found.setdefault(wanted, name)
        if known != name:
            raise DataFormatError(
                f"chromosome {wanted} stands in the file as {known} and as {name}. Use one name.",
                self.path,
            )
        return wanted

    def _check_accessions(self, name, wanted):
        builds = [assemblies.build_of_accession(accession) for accession in (name, wanted)]
        if all(builds) and builds[0] != builds[1]:
            raise DataFormatError(
                f"mixed genome builds: {name} is a chromosome of {builds[0]}, but {wanted}, on "
                f"which genes lie, is one of {builds[1]}. Use an annotation of {builds[0]}.",
                self.path,
            )

    def resolve_sizes(self, sizes):
        """Return the sizes of the chromosomes that the genes lie on, under their names."""
        resolved = {self.resolve(name): size for name, size in sizes.items()}
        resolved.pop(None, None)
        return resolved


def merge_sizes(sources):
    """Join pairs of a file's name and its chromosome sizes; refuse those of different genomes.

    Chromosomes must go by the same names everywhere.
    """
    merged, origin = {}, {}
    for name, sizes in sources:
        for chrom, size in sizes.items():
            if merged.setdefault(chrom, size) != size:
                other = origin[chrom]
                raise ValueError(
                    f"mixed genome builds: {chrom} has {merged[chrom]:,} bp in {other[0]}"
                    f"{_called(other[1])} and {size:,} bp in {name}{_called(sizes)}. "
                    "Align or lift everything to one build."
                )
            origin.setdefault(chrom, (name, sizes))
    return merged


def _called(sizes):
    build = build_of_sizes(sizes)
    return f" ({build})" if build else ""
