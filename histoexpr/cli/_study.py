"""``histoexpr study``: experiments across cell types, declared in a file."""

import argparse
import sys
from pathlib import Path

from ._evaluation import number_of_jobs

_EXAMPLE = """\
an example of SPEC:
  {"models": {"linear": "linear", "CNN": "cnn"},
   "experiments": [{"name": "own cell", "regime": "own"},
                   {"name": "every cell", "regime": "each"},
                   {"name": "all other cells", "regime": "exclusive"}]}

help(histoexpr.StudySpec) and help(histoexpr.experiments.Experiment) in Python list all that a
study can declare.
"""


def add_parser(subparsers):
    """Add the command to the parser."""
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
        help="a saved HistoneDataset with labels (for regressors with expression), as histoexpr "
        "build writes it, or a folder or "
        "archive in the DeepChrome layout",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the results")
    parser.add_argument(
        "--jobs",
        type=number_of_jobs,
        default=1,
        help="number of fits at a time (default 1)",
    )
    parser.add_argument(
        "--allow-imports",
        action="store_true",
        help="let SPEC name models as package.module:name, which runs code: only if you trust it",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(run=run)


def run(args):
    """Run the command."""
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
    tables = "results.csv, summary.tsv, between-cells.tsv, summary.json, times.csv, predictions"
    print(f"{study.format_means()}\n")
    if between := study.format_between():
        print(f"{between}\n")
    print(f"Written to {args.out.resolve()}: report.html, report-figures, {tables}", flush=True)
    return 0
