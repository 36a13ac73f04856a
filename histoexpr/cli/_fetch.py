"""``histoexpr fetch``: published data, downloaded and checked."""

import argparse
from pathlib import Path

from ._options import check_ending, check_written

# name -> endings by which commands know the file, and what can be done with it
WHAT = {
    "deepchrome": (
        (".tar.gz", ".tgz"),
        "The published labels compare RPKM with its median as text. Check them:\n"
        "  histoexpr audit {path} RPKM",
    ),
    "roadmap-expression": (
        (".gz",),
        "RPKM of protein-coding genes in 56 cell types. Labels of a data set are checked by\n"
        "  histoexpr audit DATA {path}",
    ),
}
_EPILOG = """\
deepchrome is the benchmark of 56 Roadmap cell types (Zenodo record 2652278), an archive that
commands take as it is. roadmap-expression is the RPKM of protein-coding genes in the same cells.

A download is checked, has its name only when it is whole, and goes on where the connection broke,
up to --retries times. A file that is in the data home is copied from there. Where there is no
network, the error says which address to download by hand, and where to put it.

example:
  histoexpr fetch roadmap-expression -o rpkm.gz
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "fetch",
        help="download the DeepChrome benchmark or Roadmap's expression",
        description="Download the DeepChrome benchmark or Roadmap's expression, and check it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("name", metavar="NAME", choices=list(WHAT), help=" or ".join(WHAT))
    add("--out", "-o", type=Path, metavar="PATH", help="file to write, or a folder that exists "
        "(default: in the data home, where Python's fetch functions look: the environment "
        "variable HISTOEXPR_DATA, or ~/histoexpr_data)")  # fmt: skip
    add("--retries", type=_count, default=3, metavar="N", help="further attempts after a failure "
        "that may pass, with growing pauses (default 3)")  # fmt: skip
    add("--timeout", type=_seconds, default=30, metavar="SECONDS", help="time to wait for an "
        "answer of the server (default 30)")  # fmt: skip
    add("--overwrite", action="store_true", help="replace a file that exists; without --out "
        "download again what the data home has")  # fmt: skip
    add("--quiet", "-q", action="store_true", help="no progress bar, nothing printed")
    parser.set_defaults(run=run)
    return parser


def _count(text):
    if not (text.isdecimal() and len(text) < 5):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of attempts; give 0 or more")
    return int(text)


def _seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e6:  # nor is NaN
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def run(args):
    """Get the file and say where it is, how large, and what it is for."""
    if args.out is not None and not args.out.is_dir():  # before anything slow
        check_ending("--out", args.out, WHAT[args.name][0])
        check_written({"--out": args.out}, [], overwrite=args.overwrite)
    from ..datasets import fetch_file
    from ..utils import hash_file

    path = fetch_file(
        args.name,
        args.out,
        overwrite=args.overwrite,
        retries=args.retries,
        timeout=args.timeout,
        verbose=0 if args.quiet else 1,
    )
    if not args.quiet:
        print(f"{path}\n  {path.stat().st_size:,} bytes, sha256 {hash_file(path)}")
        print(WHAT[args.name][1].format(path=path), flush=True)
    return 0
