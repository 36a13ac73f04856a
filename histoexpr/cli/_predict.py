"""``histoexpr predict``: which genes of a cell are expressed, by a model in a file."""

import argparse
import contextlib
import sys
from pathlib import Path

from ._options import (
    TABLES,
    add_common,
    check_ending,
    check_read,
    check_written,
    names_of,
    number_of_jobs,
    positive,
)

_EPILOG = """\
MODEL is a file that histoexpr train wrote. DATA is a data set saved by histoexpr, with or without
labels, one in the layout of DeepChrome (a folder, a .tar.gz of it, or one .csv), or a tracks.tsv
with the columns cell, mark and file. Tracks need GENES, a GTF, GFF3, BED or table; reads are
counted as they were for the model. Marks are matched by name; bins, window and direction are
made those of the model where that is exact. What is unlike training is said.

example:
  histoexpr predict my.histoexpr new-cell -o predictions.tsv
  histoexpr predict my.histoexpr tracks.tsv gencode.gtf.gz -o predictions.tsv
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "predict",
        help="predict the genes of a cell type by a model in a file",
        description="Predict which genes are expressed, or how strongly, by a model in a file; "
        "write a table\nof gene, symbol, cell, probability or log2 expression, and call.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("model", metavar="MODEL", type=Path, help="file of a classifier or regressor")
    add("data", metavar="DATA", type=Path, help="signals of whole cells: a data set or tracks.tsv")
    add("genes", metavar="GENES", type=Path, nargs="?", help="annotation, where DATA is a "
        "tracks.tsv")  # fmt: skip
    add("--out", "-o", type=Path, required=True, metavar="TABLE",
        help="table of genes (.tsv or .csv, also .gz)")  # fmt: skip
    add("--cells", metavar="CELLS", help="cell types to predict, separated by commas (default "
        "all)")  # fmt: skip
    add("--reference", type=Path, metavar="TABLE", help="expression of genes x other cells "
        "instead of the table in the file, for models that use it")  # fmt: skip
    add("--names", type=Path, metavar="FILE", help="table of two columns, gene and symbol, where "
        "DATA has no symbols")  # fmt: skip
    add("--top", type=positive, default=5, metavar="N", help="lines of the table to print "
        "(default 5)")  # fmt: skip
    add("--jobs", "-j", type=number_of_jobs, metavar="N", help="track files read at the same time "
        "(default 1)")  # fmt: skip
    quiet = "no progress bar, and nothing printed"
    common = {"json": "what is printed", "overwrite": "files that exist", "quiet": quiet}
    add_common(parser, threads=True, **common)
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Predict, write the table, and print its first lines and what it is worth."""
    files = {"--out": args.out, "--json": args.json}
    read = (args.model, args.data, args.genes, args.reference, args.names)
    _check_paths(args, files, read)
    cells = names_of("--cells", args.cells)
    from ..experiments import predict_genes, score_table
    from ..persistence import read_model_info
    from ..utils import write_csv

    info = read_model_info(args.model)
    estimator, reference = load_with_reference(args, info)
    data = (
        load_cells(args.data, cells)
        if args.genes is None
        else _build(args, info, estimator, cells)
    )
    if args.names is not None:
        data = _named(data, args.names)
    table = predict_genes(estimator, data, info=info, reference=reference)
    scores, notes = score_table(table, getattr(estimator, "classes_", None))
    notes = [*_of_training(scores, table, info), *notes]
    write_csv(table, args.out)
    if args.json is not None:
        _write_json(args, table, scores, notes)
    if not args.quiet:
        written = [str(path) for path in files.values() if path is not None]
        print(describe(table, scores, notes, args.top))
        print(f"\nWritten: {', '.join(written)}", flush=True)
    return 0


def load_with_reference(args, info):
    """Return the model, and the reference that is to take the place of the one that it has."""
    from ..persistence import load_model

    known = info.get("reference") or {}
    if known.get("in_file", True):
        return load_model(args.model), args.reference
    if args.reference is None:
        raise ValueError(
            f"{args.model} needs the expression of its {len(known['cells'])} reference cells, "
            "which it names by a hash. Give the table that it was trained with as --reference."
        )
    return load_model(args.model, reference=args.reference), None


def _check_paths(args, files, read):
    check_read(args.model, "MODEL", "Train one with histoexpr train.", file=True)
    check_read(args.data, "DATA")
    for name in ("genes", "reference", "names"):
        if (path := getattr(args, name)) is not None:
            check_read(path, "GENES" if name == "genes" else f"--{name}", file=True)
    if args.genes is not None and args.data.is_dir():
        raise ValueError(
            f"GENES is for tracks, but DATA, {args.data}, is a folder. Leave GENES out, or name a "
            "tracks.tsv as DATA."
        )
    if args.genes is None and _is_table_of_tracks(args.data):
        raise ValueError(
            f"DATA, {args.data}, is a table of tracks: name the genes, too (GTF, GFF3 or BED): "
            f"histoexpr predict {args.model} {args.data} GENES -o {args.out}"
        )
    check_ending("--out", args.out, TABLES)
    check_written(files, read, overwrite=args.overwrite)


def _is_table_of_tracks(path):
    """Whether a file begins with the names of the columns of a table of tracks."""
    if not path.is_file():
        return False
    with open(path, "rb") as file:
        head = file.readline(1000).decode("utf-8", "replace").lower().replace(",", "\t")
    return {"cell", "mark", "file"} <= {name.strip(' "\r\n\ufeff') for name in head.split("\t")}


def _build(args, info, estimator, cells):
    """Return the data set that tracks make; counts of finished files are kept until then."""
    from ..experiments import build_for_model
    from ..tracks import clear_work

    work_dir = args.out.with_name(f"{args.out.name}.histoexpr-cache")
    try:
        data = build_for_model(
            info,
            args.data,
            args.genes,
            cells=cells,
            may_lack_marks=hasattr(estimator, "subsets_"),
            work_dir=work_dir,
            n_jobs=args.jobs,
            verbose=0 if args.quiet else 1,
        )
        clear_work(work_dir)
    except KeyboardInterrupt:
        print(
            f"\nFinished files are kept in {work_dir}: run the same command again to go on.",
            file=sys.stderr,
        )
        raise
    finally:
        with contextlib.suppress(OSError):
            work_dir.rmdir()  # only if it is empty
    return data


def load_cells(path, cells):
    """Return a data set; in the layout of DeepChrome labels that are all 0 stand for none."""
    from ..datasets import load_data
    from ..exceptions import DataFormatError

    saved = (path / "dataset.json").is_file()
    try:
        data = load_data(path, cells)
    except DataFormatError as error:
        if saved or "label" not in str(error):
            raise
        raise DataFormatError(
            f"{error} (Lines in the layout of DeepChrome end in a label: without labels write 0 "
            "there. They are not used.)"
        ) from error
    if saved or data.y is None:
        return data
    # a label of 0 throughout a cell stands for none
    without = [cell for cell in data.cells if not data.y[data.cell == cell].any()]
    if without and len(without) < len(data.cells):
        raise ValueError(
            f"{path}: cell {without[0]} has labels of 0 only, which stand for none, beside cells "
            "with labels. Choose cells of one kind with --cells."
        )
    return data.replace(y=None) if without else data


def _named(data, path):
    """Return the data set with the symbols that a table has of its genes."""
    from ._compare import read_names

    names, genes = read_names(path), data.gene.tolist()
    if not any(gene in names for gene in genes):
        raise ValueError(
            f"--names {path}: none of the {len(set(genes))} genes is among its {len(names)}. "
            f"It has {', '.join(list(names)[:2])}, the data {', '.join(genes[:2])}."
        )
    known = [""] * len(genes) if data.symbol is None else data.symbol.tolist()
    pairs = zip(genes, known, strict=True)
    return data.replace(symbol=[names.get(gene, symbol) for gene, symbol in pairs])


def _of_training(scores, table, info):
    """Say which scored cells were trained on."""
    trained = {*(info["training"]["cells"] or ())}
    seen = sorted(trained & {*table["cell"].astype(str)})
    if scores is None or not trained:
        return []
    if seen:
        return [
            f"Trained on, too: {', '.join(seen)}. Scores there are not of held-out genes, and too "
            "good."
        ]
    return ["The cells are new to the model; their genes it may know from other cells."]


def _of_cells(table):
    """Return by cell the number of genes and what was called or predicted, as dicts."""
    found = []
    for cell, part in table.groupby("cell", sort=True):
        row = {"cell": str(cell), "n": len(part)}
        if "call" in part:
            shares = part["call"].astype(str).value_counts(normalize=True).sort_index()
            row["called"] = {name: float(share) for name, share in shares.items()}
        else:
            name = next(n for n in table if n in ("log2_expression", "predicted_log2_fold_change"))
            row["median"] = float(part[name].median())
        found.append(row)
    return found


def describe(table, scores, notes, top):
    """Return what was predicted, the first lines of the table, and how it agrees with labels."""
    from ..experiments import format_scores
    from ..utils import format_table

    rows = _of_cells(table)
    lines = []
    for row in rows[:12]:
        shares = row.get("called", {})
        what = ", ".join(f"{share:.1%} {name}" for name, share in shares.items())
        what = what or f"median {row['median']:.2f}"
        lines.append(f"{row['cell']}: {row['n']:,} genes, {what}")
    if len(rows) > 12:
        lines.append(f"... and {len(rows) - 12} more cells")
    shown = table.head(top)
    text = [list(shown.columns)]
    for values in shown.itertuples(index=False):
        text.append([f"{v:.3f}" if isinstance(v, float) else str(v) for v in values])
    lines += ["", format_table(text, 3 if "symbol" in table else 2)]
    if len(table) > top:
        lines[-1] += f"\n... {len(table):,} in all"
    if scores is not None:
        lines += [
            "",
            format_scores(scores, by_cell=True),
            "",
            "95 % intervals in parentheses; n: genes.",
        ]
    elif notes:
        lines.append("")
    return "\n".join([*lines, *notes])


def _write_json(args, table, scores, notes):
    from ..utils import write_json

    def records(frame):
        return frame.astype(object).where(frame.notna(), None).to_dict("records")

    value = {
        "model": str(args.model),
        "data": str(args.data),
        "predictions": str(args.out),
        "n": len(table),
        "cells": _of_cells(table),
        "first": records(table.head(args.top)),
        "scores": None if scores is None else records(scores),
        "notes": notes,
        "command": args.command_line,
    }
    write_json(args.json, value)
