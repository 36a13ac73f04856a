"""Chromosome names in several spellings, chromosome sizes and genome builds."""

import re

from ..exceptions import DataFormatError

# Length of chromosome 1 in bp -> genome build
_BUILD_OF_CHR1 = {
    247249719: "hg18",
    249250621: "hg19",
    248956422: "hg38",
    197195432: "mm9",
    195471971: "mm10",
    195154279: "mm39",
}

# What annotations call the same builds
_BUILD_NAMES = {
    "ncbi36": "hg18",
    "grch37": "hg19",
    "grch38": "hg38",
    "ncbim37": "mm9",
    "grcm38": "mm10",
    "grcm39": "mm39",
    **{name: name for name in _BUILD_OF_CHR1.values()},
}
_BUILD = re.compile(rf"(?<![a-z0-9])({'|'.join(_BUILD_NAMES)})(?![0-9])", re.IGNORECASE)


def plain_name(chrom):
    """Return a chromosome's name without what annotations and tracks write differently."""
    name = chrom.lower().removeprefix("chr")
    return "mt" if name == "m" else name


def find_build(text):
    """Return the genome build (UCSC name) that a text mentions, or None."""
    found = _BUILD.search(text)
    return _BUILD_NAMES[found.group(1).lower()] if found else None


def build_of_sizes(sizes):
    """Return the genome build whose chromosome 1 has the length given, or None."""
    for chrom, size in sizes.items():
        if plain_name(chrom) == "1" and size in _BUILD_OF_CHR1:
            return _BUILD_OF_CHR1[size]
    return None


class ChromosomeNames:
    """Matches chromosome names of a track to those of the genes: ``1`` and ``chr1`` are one.

    The very same name takes precedence over another spelling. ``present`` are all chromosomes of
    the track, if it lists them.
    """

    def __init__(self, wanted, present, path):
        self.path = path
        self._wanted = set(wanted)
        self._present = set(present)
        self._by_plain_name = {}
        for chrom in sorted(self._wanted):
            self._by_plain_name.setdefault(plain_name(chrom), []).append(chrom)
        self.found = {}

    def resolve(self, name):
        """Return the chromosome of the genes that ``name`` is, or None.

        A track with two names for the same chromosome is refused.
        """
        if name in self._wanted:
            wanted = name
        else:
            same = self._by_plain_name.get(plain_name(name), [])
            if len(same) != 1 or same[0] in self._present:
                return None
            wanted = same[0]
        known = self.found.setdefault(wanted, name)
        if known != name:
            raise DataFormatError(
                f"chromosome {wanted} stands in the file as {known} and as {name}. Use one name.",
                self.path,
            )
        return wanted

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
