"""Chromosome sizes and genome build of all tracks, checked before any counting."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..exceptions import DataFormatError
from ..utils import text_lines
from ._chromosomes import ChromosomeNames, build_of_sizes, merge_sizes
from ._count import resolve_rule
from ._formats import find_format
from ._gene_records import MAX_DIGITS


class Genome(NamedTuple):
    """Lengths in bp, where known, of the chromosomes of the genes, under the genes' names.

    ``complete`` is whether a chromosome that is not in ``sizes`` is known not to exist: False
    while there are tracks that do not list their chromosomes. ``build`` is the UCSC name, if known
    from the sizes or the annotation, and ``rules`` has the counting rule of each mark.
    """

    sizes: dict
    complete: bool
    build: str | None
    rules: dict


def survey_tracks(tracks, genes, *, rule, chrom_sizes=None):
    """Read the head of each track and check that all are of one genome and one kind.

    ``chrom_sizes``, a path or dict, has lengths in bp for tracks that do not state them. Mixed
    genome builds are refused, and marks that would be counted by different rules.
    """
    wanted = np.unique(genes.chrom).tolist()
    sources, rules, complete = [], {}, True
    if chrom_sizes is not None:
        named = chrom_sizes if isinstance(chrom_sizes, dict) else _read_sizes(chrom_sizes)
        label = "chrom_sizes" if isinstance(chrom_sizes, dict) else str(chrom_sizes)
        if not all(isinstance(size, int | np.integer) and size > 0 for size in named.values()):
            raise ValueError(f"{label}: chromosome lengths must be positive integers (bp).")
        names = ChromosomeNames(wanted, named, label, genes.aliases)
        sources.append((label, names.resolve_sizes(named)))
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
        if sizes:
            names = ChromosomeNames(wanted, sizes, track.path, genes.aliases)
            sources.append((str(track.path), names.resolve_sizes(sizes)))
        else:
            complete = False
    sizes = merge_sizes(sources)
    build = build_of_sizes(sizes)
    if build and genes.build and build != genes.build:
        raise ValueError(
            f"mixed genome builds: the annotation of the genes says {genes.build}, but the "
            f"chromosome sizes of the tracks are those of {build}. Use an annotation of {build}."
        )
    rules = {mark: found for mark, (found, _) in rules.items()}
    return Genome(sizes, complete, build or genes.build, rules)


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


def check_reach(tracks, counts, genome):
    """Refuse tracks whose reads lie beyond the end of a chromosome."""
    for track, counted in zip(tracks, counts, strict=True):
        for chrom, reach in counted.reach.items():
            size = genome.sizes.get(chrom, reach)
            if reach > size:
                raise ValueError(
                    f"mixed genome builds: {track.path} reaches {chrom}:{reach:,}, but {chrom} "
                    f"has {size:,} bp in the other tracks or chrom_sizes. Align or lift "
                    "everything to one build."
                )
