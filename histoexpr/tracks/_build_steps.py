"""The steps from tracks to a data set, with the report that each of them adds to."""

import os
import warnings
from os import PathLike

import numpy as np
import pandas as pd

from ..datasets import (
    ExpressionTable,
    HistoneDataset,
    match_annotation,
    read_expression,
    read_expression_files,
    select_cells,
)
from ..exceptions import HistoexprWarning
from ..labels import binarize_expression
from ..utils import shorten
from ._chromosomes import locus_rank
from ._formats import FORMATS
from ._track_report import describe_files, track_record
from ._windows import place_windows

_GENES = {
    "other_biotype": "of another biotype left out",
    "no_strand": "without a strand left out: their start is unknown",
    "repeated": "further loci of genes left out: the first one in the annotation counts",
    "not_canonical": "without a canonical transcript left out",
    "without_expression": "left out: not in the expression table",
    "copies": "left out: the expression is that of a copy on a more usual chromosome",
    "shared": "left out: their row of the expression table may be another gene's, too",
    "unknown_chromosome": "on chromosomes that no track knows",
    "off_chromosome": "with a window that leaves the chromosome",
    "unoriented": (
        "without a strand: bins of all genes run along the genome, oriented=False. For bins along "
        "transcription give every gene a strand or leave these out; flip_minus_strand=False "
        "(--no-flip-minus-strand) ends this warning"
    ),
}
_POLICY = {"pad": "kept, with zeros for what is missing", "drop": "left out"}

# Asked for, or no loss: in the report, but not worth a warning.
_EXPECTED = ("other_biotype", "not_canonical")


def new_report(genes, tracks, off_chromosome, unknown_chromosome):
    """Return a report with what is known before the tracks are read."""
    files = {}
    for track in tracks:
        files.setdefault(str(track.path.resolve()), []).append(f"{track.cell} {track.mark}")
    left_out = genes.left_out or {}
    gone = sum(n for reason, n in left_out.items() if reason != "repeated")
    return {
        "genes": {"read": len(np.unique(genes.gene)) + gone, **left_out},
        "policies": {"off_chromosome": off_chromosome, "unknown_chromosome": unknown_chromosome},
        "unknown_chromosomes": [],
        "without_data": {},
        "renamed": {},
        "same_file": {path: names for path, names in files.items() if len(names) > 1},
        "unfiltered": 0,
        "tracks": [],
    }


def _read_table(expression, tracks, replicates):
    """Return the expression of the cells as an ExpressionTable, None without any."""
    by_cell = {}
    for track in tracks:
        if track.expression is not None:
            by_cell.setdefault(track.cell, []).append(track.expression)
    if expression is not None and by_cell:
        raise ValueError(
            "expression is given twice: as a table, and in the column expression of the tracks. "
            "Leave one of them out."
        )
    if by_cell:
        cells = dict.fromkeys(track.cell for track in tracks)
        if absent := [cell for cell in cells if cell not in by_cell]:
            raise ValueError(
                f"the column expression of the tracks has no file for cell {shorten(absent)}. "
                "Name one for every cell, in one of its lines."
            )
        return read_expression_files(by_cell)
    if isinstance(expression, str | PathLike):
        return read_expression(expression, replicates=replicates)
    if isinstance(expression, pd.DataFrame):
        return ExpressionTable(expression.to_numpy(), expression.index, expression.columns)
    return expression


def join_expression(
    genes, expression, tracks, labels, parameters, report, *, replicates, cutoff_genes
):
    """Keep the genes that the expression table has, and label them.

    Returns the genes; expression and labels of shape (n_genes, n_cells), or None; and a dict of
    how the labels were made, or None.
    """
    table = _read_table(expression, tracks, replicates)
    if table is None:
        return genes, None, None, None
    cells = list(dict.fromkeys(track.cell for track in tracks))
    table, taken = select_cells(table, cells, replicates)
    report["expression_columns"] = taken
    values = table.values
    matched = match_annotation(genes.gene, genes.symbol, table.genes, rank=locus_rank(genes.chrom))
    row = matched.row
    keep = row >= 0
    if not keep.any():
        raise ValueError(
            f"no gene of the annotation ({shorten(genes.gene, 3)}) is in the expression table "
            f"({shorten(table.genes, 3)}). Give both with the same kind of identifiers."
        )
    report["genes"] |= {
        "without_expression": len(matched.missing),
        "copies": len(matched.copies),
        "shared": len(matched.shared),
        "found_by": matched.found_by,
        "rules": matched.rules,
        "matching": matched.describe(),
    }
    genes, row = genes.take(keep), row[keep]
    if labels is None:
        return genes, values[row], None, None
    given = {name: value for name, value in parameters.items() if value is not None}
    rows = np.unique(row) if cutoff_genes == "dataset" else np.arange(len(table.genes))
    of_table = np.full(values.shape, -1)
    of_table[rows] = binarize_expression(table.select(genes=table.genes[rows]), labels, **given)
    labelled = of_table[row]
    _warn_of_labels(labelled, of_table, cells, table.unit)
    about = {"unit": table.unit, "n_genes_in_table": len(table.genes)}
    about |= {"cutoff_genes": cutoff_genes, "n_genes_of_cutoff": len(rows)}
    return genes, values[row], labelled, {"method": labels, **given, **about}


def _warn_of_labels(labelled, of_table, cells, unit):
    """Warn of cells with one class among the genes kept, and of labels made of counts."""
    alone = [
        cell
        for cell, kept, read in zip(cells, labelled.T, of_table.T, strict=True)
        if len(np.unique(kept[kept >= 0])) == 1 < len(np.unique(read[read >= 0]))
    ]
    lines = []
    if alone:
        lines.append(
            f"all genes that are kept have one label in {shorten(alone)}: the cut-off is that of "
            "all genes of the expression table. Take it from the genes kept with "
            "cutoff_genes='dataset' (--cutoff-genes dataset), or choose a threshold"
        )
    if unit == "counts":
        lines.append(
            "labels are made of read counts, which grow with the length of genes: give TPM or "
            "RPKM, or make them of a table with lengths with normalize='tpm' (--normalize tpm)"
        )
    if lines:
        warnings.warn("; ".join(lines) + ".", HistoexprWarning, stacklevel=5)


def on_known(genes, known, policy, report):
    """Return the indices of the genes to keep, given the chromosomes that tracks know."""
    there = np.isin(genes.chrom, list(known))
    unknown = np.unique(genes.chrom[~there]).tolist()
    report["unknown_chromosomes"] = unknown
    report["genes"]["unknown_chromosome"] = len(np.unique(genes.gene[~there]))
    if unknown and policy == "error":
        raise ValueError(
            f"{report['genes']['unknown_chromosome']:,} genes lie on chromosomes that no track "
            f"knows: {shorten(unknown)}. Leave them out with unknown_chromosome='drop' or give "
            "them zeros with 'pad'."
        )
    if not there.any():
        raise ValueError(
            f"no gene lies on a chromosome of the tracks: all are on {shorten(unknown)}. Use an "
            "annotation with the chromosome names and the genome build of the tracks."
        )
    return np.flatnonzero(there | (policy != "drop"))


def place(genes, sizes, window, bin_size, flip_minus_strand, report):
    """Place the windows, and leave out or refuse those that leave their chromosome.

    With ``flip_minus_strand="auto"`` bins run along transcription if all genes have a strand.
    Returns the windows, the indices of their genes, and whether bins run along transcription.
    """
    oriented = _decide_orientation(genes, flip_minus_strand, report)
    windows, off = place_windows(
        genes, sizes, window=window, bin_size=bin_size, flip_minus_strand=oriented
    )
    report["genes"]["off_chromosome"] = len(np.unique(genes.gene[off]))
    policy = report["policies"]["off_chromosome"]
    if off.any() and policy == "error":
        gene = int(np.argmax(off))
        raise ValueError(
            f"{off.sum():,} windows leave their chromosome, such as that of "
            f"{genes.gene[gene]} at {genes.chrom[gene]}:{genes.tss[gene]:,}. Leave them out with "
            "off_chromosome='drop' or fill them with zeros with 'pad'."
        )
    keep = np.flatnonzero(~off | (policy != "drop"))
    if not len(keep):
        raise ValueError("no gene is left: every window leaves its chromosome.")
    return windows.take(keep), keep, oriented


def _decide_orientation(genes, flip_minus_strand, report):
    """Return whether bins are to run along transcription; refuse or report missing strands."""
    if not flip_minus_strand:
        return False
    unknown = ~np.isin(genes.strand, ("+", "-"))
    names = list(dict.fromkeys(genes.gene[unknown].tolist()))
    if names and flip_minus_strand != "auto":
        raise ValueError(
            f"flip_minus_strand=True needs the strand of every gene, but {len(names):,} of "
            f"{len(np.unique(genes.gene)):,} have none: {shorten(names)}. Give them a strand in "
            "the annotation, leave them out, or build with flip_minus_strand=False."
        )
    report["genes"]["unoriented"] = len(names)
    return not names


def report_tracks(tracks, files, counts, genes, read_filter, policy, report):
    """Report what was read from each file, and chromosomes on which a track has nothing.

    ``files`` has every file once, ``counts`` what was counted, both by real path; controls come
    after the tracks.
    """
    records = [track_record(t, counts[os.path.realpath(t.path)]) for t in tracks]
    control_of = {}
    for track in tracks:
        if track.control is not None:
            control_of.setdefault(os.path.realpath(track.control), []).append(track.name)
    records += [
        track_record(files[path], counts[path], control_of=shorten(dict.fromkeys(names)))
        for path, names in control_of.items()
        if path in counts
    ]
    report["tracks"] = records
    wanted = set(np.unique(genes.chrom)) - set(report["unknown_chromosomes"])
    for path, track in files.items():
        name, counted = track.name, counts[path]
        lacking = sorted(wanted - set(counted.names))
        if lacking and policy == "error":
            raise ValueError(
                f"{track.path} has nothing on {shorten(lacking)}, where there are genes and "
                "other tracks have data. Give it zeros with unknown_chromosome='pad' or 'drop'."
            )
        if lacking:
            report["without_data"][name] = lacking
        report["renamed"] |= {ours: its for ours, its in counted.names.items() if ours != its}
        has_flags = FORMATS[counted.file_format].has_flags
        report["unfiltered"] += bool(read_filter.min_mapq and not has_flags)
    report["genes"]["kept"] = len(np.unique(genes.gene))


def assemble(values, genes, expression, labels, **about):
    """Put the values of each cell and mark, for the same genes, into one data set by cell."""
    cells, marks = (list(dict.fromkeys(names)) for names in zip(*values, strict=True))
    dtypes = [of_mark.dtype for of_mark in values.values()]
    signal = any(dtype.kind == "f" for dtype in dtypes)
    dtype = np.float32 if signal else np.result_type(*dtypes)
    n_bins = next(iter(values.values())).shape[1]
    X = np.empty((len(cells), len(genes), n_bins, len(marks)), dtype=dtype)
    for (cell, mark), of_mark in values.items():
        X[cells.index(cell), :, :, marks.index(mark)] = of_mark
    columns = ["gene", "chrom", "tss", "strand"]
    # annotations without symbols have empty ones, or none
    columns += ["symbol"] if (np.asarray(genes.symbol) != "").any() else []
    dataset = HistoneDataset(
        X.reshape(-1, n_bins, len(marks)),
        None if labels is None else labels.T.ravel(),
        marks=marks,
        cell=np.repeat(np.array(cells), len(genes)),
        **{name: np.tile(getattr(genes, name), len(cells)) for name in columns},
        expression=None if expression is None else expression.T.ravel(),
        **about,
    )
    if dataset.y is None or (dataset.y >= 0).all():
        return dataset
    dataset = dataset.take(dataset.y >= 0)
    if not dataset.n_samples:
        raise ValueError("no sample is left: the rule of the labels leaves all of them out.")
    return dataset


def describe_report(report, *, all_lines=True):
    """Return ``meta["report"]`` of a built data set as a list of sentences.

    Without ``all_lines`` only what the user should know to trust the data set.
    """
    lines = []
    genes = report["genes"]
    if all_lines:
        lines.append(f"{genes['read']:,} genes read, {genes['kept']:,} in the data set")
    lines += describe_files(report, all_lines=all_lines)
    for reason, text in _GENES.items():
        number = genes.get(reason, 0)
        if number and (all_lines or reason not in _EXPECTED):
            policy = report["policies"].get(reason)
            noun = "gene" if number == 1 else "genes"
            lines.append(f"{number:,} {noun} {text}{': ' + _POLICY[policy] if policy else ''}")
    if all_lines and "matching" in genes:
        lines.append(genes["matching"])
    if report["unknown_chromosomes"]:
        lines.append(f"chromosomes that no track knows: {shorten(report['unknown_chromosomes'])}")
    for name, chroms in report["without_data"].items():
        lines.append(f"{name} has nothing on {shorten(chroms)}: zeros")
    for path, names in report["same_file"].items():
        lines.append(f"{path} is given for {shorten(names)}")
    if report["unfiltered"]:
        lines.append(
            "filters of mapping quality and flags do not reach BED and signal files: "
            f"{report['unfiltered']:,} not filtered"
        )
    if report["renamed"]:
        pairs = [f"{wanted} is {name}" for wanted, name in report["renamed"].items()]
        lines.append(f"chromosome names differ and were matched: {shorten(pairs)}")
    return lines
