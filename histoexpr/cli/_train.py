"""``histoexpr train``: a model in a file, with scores on genes left out."""

import argparse
from pathlib import Path

from ._options import (
    MODEL,
    MODELS,
    add_common,
    check_ending,
    check_read,
    check_written,
    names_of,
)

# The model with reference cells has no name in the registry: it needs a table
_MODELS = ("regions", *(name for name in MODELS if name != "regions"), "reference")
_EPILOG = """\
DATA is a data set saved by histoexpr, as histoexpr build writes it, or one in the layout of
DeepChrome: a folder, a .tar.gz of it, or one .csv. The model in the file has seen all samples;
the scores are of models like it on genes that those have not seen, whole chromosomes where they
are known, beside baselines that look at no signal.

example:
  histoexpr train my-cells -o my.histoexpr --title "ten regions, two cells" --licence CC0-1.0
  histoexpr train my-cells -o level.histoexpr --target expression --cells E003,E123
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "train",
        help="train a model, score it on genes left out, and keep it in a file",
        description="Train a model on all samples of a data set, score models like it on genes "
        "left out of\ntraining, and keep it in one file that is safe to share.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("data", metavar="DATA", type=Path, help="data set with labels or expression")
    add("--out", "-o", type=Path, required=True, metavar="FILE",
        help=f"the model file, which ends in {MODEL}")  # fmt: skip
    add("--model", choices=_MODELS, default="regions", metavar="MODEL",
        help=f"one of {', '.join(_MODELS)} (default regions)")  # fmt: skip
    add("--target", choices=("labels", "expression"), help="what is learned, expression as "
        "log2(x + 1) (default: what the model is for, else labels)")  # fmt: skip
    add("--cells", metavar="CELLS", help="cell types to train on, separated by commas (default "
        "all)")  # fmt: skip
    add("--exclude", metavar="CELLS", help="cell types to leave out")
    add("--genes", choices=("auto", "chromosome", "kfold", "split"), default="auto",
        help="which genes are held out together: whole chromosomes, random ones, or the "
        "predefined test genes (default: chromosomes where they are known)")  # fmt: skip
    add("--validate", choices=("auto", "genes", "cells", "none"), default="auto",
        help="hold out genes, or whole cells, too, a fit a cell and fold (default: cells, of 12 "
        "at the most), or nothing")  # fmt: skip
    add("--reference", type=Path, metavar="TABLE", help="expression of genes x other cells, for "
        "--model reference; it travels in the file")  # fmt: skip
    add("--reference-by-hash", action="store_true", help="keep that table out of the file, which "
        "then names it by a hash: predict needs it again")  # fmt: skip
    add("--mark-subsets", action="store_true", help="a model for each subset of the marks, to "
        "serve cells that lack some")  # fmt: skip
    for name, what in (
        ("title", "what the model is called"),
        ("description", "what it is, in some sentences"),
        ("licence", "under which others may use it, such as CC-BY-4.0"),
        ("intended-use", "what it is for, and what not"),
    ):
        add(f"--{name}", metavar="TEXT", help=f"{what}; kept in the file")
    add_common(
        parser,
        json="scores and what was done",
        overwrite="files that exist",
        seed=True,
        jobs=1,
        threads=True,
        quiet="no progress bar, and nothing printed",
    )
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Train, write the file, and print the held-out scores."""
    check_read(args.data, "DATA")
    if args.reference is not None:
        check_read(args.reference, "--reference", file=True)
    check_ending("--out", args.out, (MODEL,))
    files = {"--out": args.out, "--json": args.json}
    check_written(files, (args.data, args.reference), overwrite=args.overwrite)
    cells, left_out = names_of("--cells", args.cells), names_of("--exclude", args.exclude)
    from ..experiments import train_model
    from ..persistence import save_model

    found = train_model(
        _load(args.data, cells, left_out or []),
        args.model,
        target=args.target,
        genes=args.genes,
        validate=args.validate,
        reference=args.reference,
        mark_subsets=args.mark_subsets,
        random_state=args.seed,
        n_jobs=args.jobs,
        verbose=0 if args.quiet else 1,
    )
    texts = ("title", "description", "licence", "intended_use")
    info = {name: getattr(args, name) for name in texts if getattr(args, name) is not None}
    about = {"data": found.data, "scores": found.table if len(found.table) else None}
    about |= {"embed_reference": not args.reference_by_hash, "overwrite": args.overwrite}
    save_model(found.estimator, args.out, **about, info=info)
    if args.json is not None:
        _write_json(args, found)
    if not args.quiet:
        written = [str(path) for path in files.values() if path is not None]
        print(f"{found.describe()}\n\nWritten: {', '.join(written)}", flush=True)
    return 0


def _load(path, cells, left_out):
    from ..datasets import load_data

    data = load_data(path, cells)
    if not left_out:
        return data
    there = data.cells.tolist()
    if unknown := [cell for cell in left_out if cell not in there]:
        raise ValueError(f"--exclude: no cell {unknown[0]!r}; there are {', '.join(there)}.")
    kept = [cell for cell in there if cell not in left_out]
    if not kept:
        raise ValueError("--exclude leaves no cell to train on. Name fewer.")
    return data.select(cells=kept)


def _write_json(args, found):
    from ..utils import write_json

    table = found.table.astype(object).where(found.table.notna(), None)
    value = {
        "model": str(args.out),
        "name": found.name,
        "target": found.target,
        "cells": found.data.cells,
        "n_samples": len(found.data),
        "n_genes": len(found.data.genes),
        "scores": table.to_dict("records"),
        "notes": found.notes,
        "command": args.command_line,
    }
    write_json(args.json, value)
