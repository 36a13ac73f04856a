"""Which genome build the genes and the tracks are of, by what files say and what they show.

What headers and names of files say counts unless the caller states the build; lengths and
positions count in any case. Only builds of man and mouse are known.
"""

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..utils import open_text
from ._assemblies import SIZES, find_build
from ._chromosomes import build_of_sizes, builds_with_room, size_in

# Peak callers and read shifters write intervals that end some bp behind their chromosome; in no
# two builds are all chromosomes as similar.
SLACK = 1000

# Without lengths here, but no slips of the pen
_OLDER = ("hg15", "hg16", "hg17", "mm5", "mm6", "mm7", "mm8")
_MAN_OR_MOUSE = re.compile(r"(hg|mm|grch|grcm)\d*$", re.IGNORECASE)

_HEAD_BYTES = 1 << 14
_GENCODE = re.compile(r"gencode\.v(M?)(\d+)(lift37)?\b", re.IGNORECASE)
_REMEDY = (
    "Use an annotation of the build of the tracks, or lift one of them over. If this is not what "
    "the files are of, state their build with build= (on the command line --build)."
)


class Said(NamedTuple):
    """A genome build, in UCSC's name, and where it is said."""

    build: str
    source: str


def check_build_name(build):
    """Return the UCSC name of a build that a caller states, or the text itself for others."""
    if build is None:
        return None
    if known := find_build(build):
        return known
    if not build.strip() or (_MAN_OR_MOUSE.match(build) and build.lower() not in _OLDER):
        raise ValueError(
            f"build {build!r} is not known. Known of man and mouse are {', '.join(SIZES)}; name "
            "other genomes as you like."
        )
    return build


def genes_build(genes, annotation, stated):
    """Return what is said of the build of the genes, or None."""
    if genes.sizes and (build := build_of_sizes(genes.sizes)):
        return Said(build, f"the chromosome sizes of the annotation are those of {build}")
    if stated:
        return Said(stated, f"you state {stated}")
    if genes.build:
        return Said(genes.build, f"the annotation of the genes says {genes.build}")
    name = Path(annotation).name if annotation else ""
    build = _build_in_name(name)
    return Said(build, f"the name of the annotation, {name}, says {build}") if build else None


def track_build(path, sizes, stated):
    """Return what is said of the build of a track, or None.

    ``sizes`` are the chromosome lengths in the file, by which alone it is known if there are any.
    """
    if sizes:
        if build := build_of_sizes(sizes):
            return Said(build, f"the chromosome sizes of {path} are those of {build}")
        return None
    if stated:
        return Said(stated, f"you state {stated}")
    if build := _build_in_name(Path(path).name):
        return Said(build, f"the name of {path} says {build}")
    build = find_build(" ".join(_comments(path)))
    return Said(build, f"the head of {path} says {build}") if build else None


def _build_in_name(name):
    if gencode := _GENCODE.search(name):
        mouse, version, lifted = gencode[1], int(gencode[2]), gencode[3]
        if mouse:
            return "mm9" if version == 1 else "mm10" if version < 26 else "mm39"
        return "hg19" if lifted or version < 20 else "hg38"
    build = find_build(name)
    # hs1 may well be a sample
    return None if build == "hs1" and "chm13" not in name.lower() else build


def _comments(path):
    """Return the comments and browser lines before the first interval of a text track."""
    with open_text(path) as stream:
        lines = stream.read(_HEAD_BYTES).splitlines()
    found = []
    for line in lines:
        if not line.startswith((b"#", b"track", b"browser")):
            break
        found.append(line.decode("utf-8", "replace"))
    return found


def check_said(of_genes, of_tracks):
    """Refuse genes and tracks, or tracks, that are said to be of two builds."""
    first = of_genes
    for said in of_tracks:
        if said is None:
            continue
        if first is None:
            first = said
        elif first.build != said.build:
            what = "the tracks and the genes are" if first is of_genes else "the tracks are"
            raise ValueError(
                f"mixed genome builds: {what} of two builds: {first.source}, but {said.source}. "
                f"{_REMEDY}"
            )
    return first


def check_genes(genes, genome):
    """Refuse genes that start behind the end of a chromosome of the build they are said to be of.

    Where files state the lengths, windows are held against those.
    """
    size = [genome.sizes[c] if c in genome.assumed else genes.tss.max() + 1 for c in genes.chrom]
    outside = genes.tss >= np.array(size)
    if outside.any():
        gene = int(np.argmax(outside))
        chrom = genes.chrom[gene]
        raise ValueError(
            f"mixed genome builds: {genes.gene[gene]} starts at {chrom}:{genes.tss[gene]:,}, but "
            f"{chrom} has {genome.sizes[chrom]:,} bp in {genome.build} "
            f"({genome.said}). {_REMEDY}"
        )


def check_positions(tracks, reaches, genes, genome):
    """Refuse tracks that reach behind the end of a chromosome, and builds that positions exclude.

    ``reaches`` has, for each track, the last position in bp by chromosome. Returns a dict of how
    many bp tracks reach behind the end, where that is no more than peak callers write.
    """
    behind = {}
    for track, reach in zip(tracks, reaches, strict=True):
        for chrom, end in reach.items():
            size, where = genome.sizes.get(chrom), "the annotation, other tracks or chrom_sizes"
            remedy = "Align or lift everything to one build."
            if size is None or chrom in genome.assumed:
                size, remedy = size_in(genome.build, chrom), _REMEDY
                where = f"{genome.build} ({genome.said})"
            if size is not None and end > size + SLACK:
                fits = sorted(builds_with_room(reach, slack=SLACK))
                if genome.build:  # those of the same species
                    fits = [build for build in fits if build[0] == genome.build[0]]
                fit = f", as in {' or '.join(fits)}" if 0 < len(fits) < 4 else ""
                raise ValueError(
                    f"mixed genome builds: {track.path} reaches {chrom}:{end:,}{fit}, but {chrom} "
                    f"has {size:,} bp in {where}. {remedy}"
                )
            if size is not None and end > size:
                behind[track.name] = max(behind.get(track.name, 0), end - size)
    if genome.build is None:
        _check_room(tracks, reaches, genes)
    return behind


def _check_room(tracks, reaches, genes):
    """Refuse files whose positions fit known builds, but none in common."""
    ends = {}
    for chrom in np.unique(genes.chrom):
        ends[str(chrom)] = int(genes.tss[genes.chrom == chrom].max()) + 1
    room, what = builds_with_room(ends), "the genes"
    for track, reach in zip(tracks, reaches, strict=True):
        of_track = builds_with_room(reach, slack=SLACK)
        if room and of_track and not room & of_track:
            these, those = (" or ".join(sorted(fits)) for fits in (room, of_track))
            raise ValueError(
                f"mixed genome builds: the positions of {what} are of {these}, those of "
                f"{track.path} of {those}. {_REMEDY}"
            )
        if of_track:
            room, what = room & of_track or of_track, "the genes and the other tracks"


def describe_builds(of_genes, tracks, of_tracks):
    """Return a dict of what is known of the builds of genes and tracks, for the metadata."""
    known = [said.build for said in of_tracks if said]
    unknown = [str(t.path) for t, said in zip(tracks, of_tracks, strict=True) if not said]
    sources = [*([of_genes] if of_genes else []), *(said for said in of_tracks if said)]
    return {
        "genes": of_genes.build if of_genes else "unknown",
        "tracks": known[0] if known else "unknown",
        "tracks_unknown": len(unknown),
        "said": list(dict.fromkeys(said.source for said in sources))[:5],
    }
