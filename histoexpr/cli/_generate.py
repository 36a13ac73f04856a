"""``histoexpr generate``: train a generator of histone signals, or make signals with one."""

import argparse
import json
import sys
from pathlib import Path

from ._generator import (
    HOLD_OUT,
    check_enough,
    check_figure,
    check_kind,
    draw_samples,
    fit_generator,
    hold_out,
)
from ._options import (
    MODEL,
    add_common,
    check_ending,
    check_folder,
    check_read,
    check_written,
    names_of,
    positive,
)

_USAGE = """\
histoexpr generate DATA -o GENERATOR.histoexpr [options]
       histoexpr generate GENERATOR.histoexpr --samples N -o FOLDER [options]"""
_EPILOG = """\
The first argument decides what is done. Of a data set (a folder that histoexpr build or
HistoneDataset.save wrote, or one in the layout of DeepChrome, or a .tar.gz of it) a generator
learns to make signals like those of its genes, which takes some minutes, and is kept in a file.
Genes that it has not seen are compared with what it makes. With such a file, signals are made and
written as a data set, of genes that do not exist.

examples:
  histoexpr generate my-cells -o generator.histoexpr
  histoexpr generate generator.histoexpr --samples 1000 -o made-cells
"""
_TRAINING = ("steps", "hold_out", "figure", "no_figure", "json")
_DRAWING = ("samples", "label")
# Of the report: draws, and genes of each, on which its figures depend
_REPEATS, _COMPARED = 3, 500
_INTENDED = (
    "Research: signals like those of the training cells, in which to look for what classifiers "
    "have learned. No substitute for measured cells."
)


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "generate",
        help="train a generator of histone signals, or make signals with a kept one",
        usage=_USAGE,
        description="Train a generator of histone signals and say how faithful it is, or make "
        "signals\nwith one that was kept.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("source", metavar="DATA or GENERATOR", type=Path, help="the data set to learn from, or a "
        "generator that was kept, a .histoexpr file")  # fmt: skip
    add("--out", "-o", type=Path, required=True, metavar="PATH", help="what to write: the "
        "generator (.histoexpr), or the folder of a data set")  # fmt: skip
    add("--cells", metavar="CELLS", help="cell types to learn from, or to make signals of, "
        "separated by commas (default all)")  # fmt: skip
    add_common(parser, overwrite="files that exist", seed=True, threads=True)
    add = parser.add_argument_group("to train").add_argument
    add("--steps", type=positive, metavar="N", help="steps of training, at the most (default "
        "2500)")  # fmt: skip
    add("--hold-out", choices=HOLD_OUT, help="genes to compare with, which training does not "
        "see: whole chromosomes, the predefined test genes, or genes at random (default: the "
        "first of these that is known; a fifth of the genes)")  # fmt: skip
    add("--figure", type=Path, metavar="FILE", help="name of the figure of the comparison (.png, "
        ".pdf or .svg; default that of the generator with .png)")  # fmt: skip
    add("--no-figure", action="store_true", default=None, help="draw nothing")
    add("--json", type=Path, metavar="FILE", help="write the whole comparison, with every mark "
        "and baseline, and what was done")  # fmt: skip
    add = parser.add_argument_group("to make signals").add_argument
    add("--samples", type=positive, metavar="N", help="how many to make")
    add("--label", metavar="LABEL", help="make signals of this class, such as 1 (default: of "
        "every class, as often as in training)")  # fmt: skip
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Train a generator and keep it, or make signals with one."""
    return _draw(args) if _is_kept(args.source) else _train(args)


def _is_kept(path):
    """Return whether the first argument is a model file, not a data set; it has to be there."""
    check_read(path, "DATA or GENERATOR")
    if path.is_dir():
        return False
    if path.suffix == MODEL:
        return True
    with path.open("rb") as file:
        return file.read(2) == b"PK"  # a zip, which no data set is


def _train(args):
    files = _files_to_train(args)  # before anything slow, to fail early
    from ..datasets import load_data
    from ..experiments import package_versions
    from ..persistence import save_model
    from ..utils import write_json
    from ._generation_text import describe_training, format_report, score_rows

    data = load_data(args.source, names_of("--cells", args.cells))
    held_out, what = hold_out(data, args.hold_out or "auto", args.seed)
    check_enough(data, held_out)
    train, test = data, None
    if held_out is not None:
        train, test = data.take(~held_out), data.take(held_out)
    said = describe_training(train, test, what)

    def keep(scores):
        info = {"title": "Generator of histone signals", "description": said}
        info |= {"intended_use": _INTENDED}
        kept = {"data": train, "scores": scores, "info": info, "overwrite": args.overwrite}
        save_model(generator, args.out, **kept)

    report = None
    generator = fit_generator(train, steps=args.steps, seed=args.seed, quiet=args.quiet)
    if test is not None:
        try:
            report = _compare(generator, train, test, args)
        except KeyboardInterrupt:
            keep(None)
            print(f"\n{args.out} is kept, without the comparison.", file=sys.stderr)
            raise
    keep(None if report is None else score_rows(report))
    _write_report(report, files)
    if "--json" in files:
        about = {"command": args.command_line, "data": str(args.source), "held_out": what}
        about |= {"said": said, "n_train": train.n_samples, "versions": package_versions()}
        history = {"best_step": generator.best_step_, "history": generator.history_}
        found = {"report": None if report is None else json.loads(report.to_json())}
        write_json(files["--json"], {"about": about, **found, **history})
    print(f"{said}\n")
    if report is not None:
        print(f"{format_report(report)}\n")
    print(f"Written: {', '.join(str(path) for path in files.values())}", flush=True)
    return 0


def _files_to_train(args):
    """Return the files to write by option; refuse options of the other use, existing files."""
    _refuse(args, _DRAWING, f"makes signals with a kept generator, but {args.source} is data to "
            "learn from. Keep a generator first, then name its file.")  # fmt: skip
    check_ending("--out", args.out, [MODEL])
    if args.figure is not None and args.no_figure:
        raise ValueError("--figure and --no-figure exclude each other. Leave one of them out.")
    if args.hold_out == "none" and args.figure is not None:
        raise ValueError(
            "--figure is of the comparison with held-out genes, and with --hold-out none there "
            "are none. Leave one of them out."
        )
    names_of("--cells", args.cells)
    files = {"--out": args.out, "--json": args.json}
    if not (args.no_figure or args.hold_out == "none"):
        files["--figure"] = args.figure or args.out.with_suffix(".png")
        check_figure("--figure", files["--figure"])
    check_written(files, [args.source], overwrite=args.overwrite)
    return {option: path for option, path in files.items() if path is not None}


def _refuse(args, names, why):
    """Refuse options of the other use."""
    for name in names:
        if getattr(args, name) is not None:
            raise ValueError(f"--{name.replace('_', '-')} {why}")


def _compare(generator, train, test, args):
    """Return the report of a generator on held-out genes."""
    import numpy as np

    from ..generation import generation_report

    labels = {}
    if train.y is None:  # one class, which the generator does not know of
        labels = {"y_test": np.zeros(len(test), int), "y_train": np.zeros(len(train), int)}
    several = hasattr(generator, "cells_")
    return generation_report(
        generator,
        test,
        X_train=train,
        **labels,
        cell_test=test.cell if several else None,
        n_repeats=_REPEATS,
        n=_COMPARED,
        random_state=args.seed,
        verbose=0 if args.quiet else 1,
    )


def _write_report(report, files):
    if report is None or "--figure" not in files:
        return
    from ..plots import GenerationReportDisplay
    from ..utils import atomic_path, require

    require("matplotlib", "The figure").use("agg")
    figure = GenerationReportDisplay.from_report(report).figure_
    with atomic_path(files["--figure"]) as temporary:
        figure.savefig(temporary, dpi=150, bbox_inches="tight", pad_inches=0.1)


def _draw(args):
    _check_drawing(args)  # before anything slow, to fail early
    from ..datasets import HistoneDataset
    from ..persistence import load_model, read_model_info

    check_kind(args.source, read_model_info(args.source), "generator")
    cells = names_of("--cells", args.cells)
    settings = {"label": args.label, "cells": cells, "seed": args.seed}
    made = draw_samples(load_model(args.source), args.samples, **settings)
    made["meta"] = {
        "source": f"simulated: signals that the generator in {args.source} made, random state "
        f"{args.seed}"
    }
    data = HistoneDataset(**made)
    data.save(args.out, overwrite=args.overwrite)
    print(f"{data!r}\n\nWritten: {args.out}", flush=True)
    return 0


def _check_drawing(args):
    _refuse(args, _TRAINING, f"is of training, but {args.source} is a kept generator. Leave the "
            "option out, or name a data set to learn from.")  # fmt: skip
    if args.samples is None:
        raise ValueError(
            f"{args.source} is a kept generator. Say how many signals it is to make, such as "
            "--samples 1000; or name a data set to learn from."
        )
    if args.out.suffix in (".npz", ".npy", MODEL, ".tsv", ".csv"):
        raise ValueError(
            f"--out {args.out}: signals are written as a data set, which is a folder. Give it a "
            "name without an ending, such as made-cells."
        )
    check_folder("--out", args.out)
    if args.out.exists() and not args.overwrite:
        raise FileExistsError(
            f"--out: {args.out} exists. Choose another folder, or replace the data set in it with "
            "--overwrite."
        )
