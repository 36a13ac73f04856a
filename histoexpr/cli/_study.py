"""``histoexpr study``: experiments across cell types, declared in a file."""

import argparse
import sys
from pathlib import Path

from ._options import add_common, check_folder, check_read, check_written

_EXAMPLE = """\
example:
  histoexpr study spec.json --data my-cells --out my-study --jobs 2

an example of SPEC:
  {"models": {"linear": "linear", "CNN": "cnn"},
   "experiments": [{"name": "own cell", "regime": "own"},
                   {"name": "every cell", "regime": "each"},
                   {"name": "all other cells", "regime": "exclusive"}]}

help(histoexpr.StudySpec) and help(histoexpr.experiments.Experiment) in Python list all that a
study can declare.
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "study",
        help="run the experiments of a study, or go on with them",
        description="Run the experiments across cell types that a JSON file declares, and write\n"
        "tables, figures and a report. A study that was interrupted goes on where it stopped.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("spec", type=Path, metavar="SPEC", help="the study, a JSON file")
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DATA",
        help="a saved HistoneDataset with labels (for regressors with expression), as histoexpr "
        "build writes it, or a folder or "
        "archive in the DeepChrome layout",
    )
    parser.add_argument(
        "--out", "-o", type=Path, required=True, metavar="FOLDER", help="folder for the results"
    )
    parser.add_argument(
        "--allow-imports",
        action="store_true",
        help="let SPEC name models as package.module:name, which runs code: only if you trust it",
    )
    add_common(
        parser,
        json="the printed tables",
        overwrite="the file of --json; a study is never replaced: it goes on, or is refused",
        jobs=1,
        threads=True,
    )
    parser.set_defaults(run=run)
    return parser


def run(args):
    """Run the command."""
    check_read(args.spec, "SPEC", file=True)
    check_read(args.data, "--data")
    check_folder("--out", args.out)
    check_written({"--json": args.json}, (args.spec, args.data), overwrite=args.overwrite)
    from ..experiments import run_study
    from ..reports import write_study_report
    from ..utils import require

    require("matplotlib", "Drawing the figures")  # before the work, not after it
    try:
        study = run_study(
            args.spec,
            args.data,
            args.out,
            n_jobs=args.jobs,
            verbose=0 if args.quiet else 1,
            allow_imports=args.allow_imports,
        )
    except KeyboardInterrupt:
        print(
            f"\nFinished fits are kept in {args.out}. The same command goes on from there.",
            file=sys.stderr,
        )
        raise
    write_study_report(study, args.out / "report.html")
    if args.json is not None:
        _write_json(args, study)
    tables = "results.csv, summary.tsv, between-cells.tsv, against-baselines.tsv, summary.json, "
    tables += "times.csv, predictions"
    print(f"{study.format_means()}\n")
    if between := study.format_between():
        print(f"{between}\n")
    if against := study.format_against_baselines():
        print(f"{against}\n")
    print(f"Written to {args.out.resolve()}: report.html, report-figures, {tables}", flush=True)
    return 0


def _write_json(args, study):
    """Write what the printed tables show to ``--json``."""
    from ..utils import write_json

    frames = {"means": study.statistics.intervals, "between_cells": study.between_cells}
    frames["against_baselines"] = study.statistics.against_baselines
    found = {name: t.astype(object).where(t.notna(), None) for name, t in frames.items()}
    tables = {name: table.to_dict("records") for name, table in found.items()}
    about = {"command": args.command_line, "out": str(args.out.resolve())}
    write_json(args.json, {**about, **tables, "too_small": study.too_small,
                            "held_out": study.manifest["held_out"]})  # fmt: skip
