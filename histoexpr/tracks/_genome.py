"""Chromosome sizes and genome build of all tracks, checked before any counting."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..exceptions import DataFormatError
from ..utils import text_lines
from . import _builds as builds
from ._chromosomes import ChromosomeNames, merge_sizes
from ._count import resolve_rule
from ._formats import find_format
from ._gene_records import MAX_DIGITS


class Genome(NamedTuple):
    """Lengths in bp, where known, of the chromosomes of the genes, under the genes' names.

    ``complete`` is whether a chromosome that is not in ``sizes`` is known not to exist: False
    while there are tracks that do not list their chromosomes. ``assumed`` are those whose length
    is that of the genome build, not of a file. ``build`` is the build of genes and tracks as far
    as it is known, ``said`` who says so, ``builds`` a dict of all that is known about builds, and
    ``rules`` has the counting rule of each mark.
    """

    sizes: dict
    complete: bool
    assumed: frozenset
    build: str | None
    said: str | None
    builds: dict
    rules: dict


def survey_tracks(tracks, genes, *, rule, chrom_sizes=None, build=None, annotation=None):
    """Read the head of each track and check that all are of one genome and one kind.

    ``chrom_sizes``, a path or dict, has lengths in bp for tracks that do not state them; ``build``
    is the genome build as far as files do not show another one, ``annotation`` the file of the
    genes. Mixed genome builds are refused, and marks that would be counted by different rules.
    """
    wanted = np.unique(genes.chrom).tolist()
    sources, rules, complete = [], {}, True
    build = builds.check_build_name(build)
    of_genes, of_tracks = builds.genes_build(genes, annotation, build), []
    if genes.sizes:
        known = {chrom: size for chrom, size in genes.sizes.items() if chrom in wanted}
        sources.append((str(annotation or "the annotation of the genes"), known))
    if chrom_sizes is not None:
        named = chrom_sizes if isinstance(chrom_sizes, dict) else _read_sizes(chrom_sizes)
        label = "chrom_sizes" if isinstance(chrom_sizes, dict) else str(chrom_sizes)
        if not all(isinstance(size, int | np.integer) and size > 0 for size in named.values()):
            raise ValueError(f"{label}: chromosome lengths must be positive integers (bp).")
        names = ChromosomeNames(wanted, named, label, genes.aliases)
        sources.append((label, names.resolve_sizes(named)))
        of_tracks.append(builds.track_build(label, named, None))
    for track in tracks:
        track_format = find_format(track.path)
        found = resolve_rule(rule, track_format, track.path)
        first = rules.setdefault(track.mark, (found, track.path))
        if first[0] != found:
            raise ValueError(
                f"mark {track.mark} would be counted by different rules: {first[0]!r} in "
                f"{first[1]} and {found!r} in {track.path}, which holds "
                f"{'a signal' if found == 'mean' else 'reads'}. Choose rule='mean' or 'sum' "
                "for all, or give files of one kind."
            )
        sizes = track_format.chromosome_sizes(track.path)
        of_tracks.append(builds.track_build(track.path, sizes, build))
        if sizes:
            names = ChromosomeNames(wanted, sizes, track.path, genes.aliases)
            sources.append((str(track.path), names.resolve_sizes(sizes)))
        else:
            complete = False
    sizes = merge_sizes(sources)
    said = builds.check_said(of_genes, of_tracks)
    of_build = {chrom: builds.size_in(said.build, chrom) for chrom in wanted} if said else {}
    of_build = {c: size for c, size in of_build.items() if size is not None and c not in sizes}
    return Genome(
        {**sizes, **of_build},
        complete,
        frozenset(of_build),
        said.build if said else None,
        said.source if said else None,
        builds.describe_builds(of_genes, tracks, of_tracks[-len(tracks) :]),
        {mark: found for mark, (found, _) in rules.items()},
    )


def _read_sizes(path):
    sizes = {}
    for number, line in text_lines(Path(path)):
        if not line.strip() or line.startswith("#"):
            continue
        name, size, *_ = [*line.split(), ""]
        if not size.isdecimal() or len(size) > MAX_DIGITS or name in sizes:
            raise DataFormatError(
                "expected a chromosome, each once, and its length in bp.", path, number
            )
        sizes[name] = int(size)
    if not sizes:
        raise DataFormatError("holds no chromosome sizes.", path)
    return sizes
