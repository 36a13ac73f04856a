"""``histoexpr example``: simulated files to try everything on."""

import argparse
from pathlib import Path

from ._options import check_folder, positive, random_state

_EPILOG = """\
The files are those of a laboratory: reads of five marks (tagAlign), genes (GTF) and RNA-seq of all
cell types but one, called new. README.txt in DIR says what each is. They are simulated, from
--seed: the same command writes the same files.

example:
  histoexpr example example
  histoexpr build example/tracks.tsv example/genes.gtf.gz example/expression.tsv -o cells
"""


def add_parser(subparsers):
    """Add the command to the parser and return its own parser."""
    parser = subparsers.add_parser(
        "example",
        help="write a small simulated example: reads, genes and expression",
        description="Write a small simulated example: reads, genes and expression of cell types, "
        "one of them without RNA-seq.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("folder", metavar="DIR", type=Path, help="folder to write, which must not exist")
    add("--cells", type=_several, default=3, metavar="N", dest="n_cells",
        help="cell types, the last of them without RNA-seq (default 3)")  # fmt: skip
    add("--genes", type=_several, default=300, metavar="N", dest="n_genes",
        help="genes (default 300)")  # fmt: skip
    add("--reads", type=positive, default=1500, metavar="N", dest="n_reads",
        help="reads in a file, more or less (default 1500: 225 kB in all)")  # fmt: skip
    add("--seed", type=random_state, default=0, metavar="N", help="random state (default 0)")
    add("--overwrite", action="store_true", help="replace an example in DIR")
    add("--quiet", "-q", action="store_true", help="print nothing")
    parser.set_defaults(run=run)
    return parser


def _several(text):
    if positive(text) == 1:
        raise argparse.ArgumentTypeError("1 is too few; give 2 or more")
    return int(text)


def run(args):
    """Write the files, and say what to do with them."""
    if args.folder.exists() and not args.overwrite:  # before anything slow
        raise FileExistsError(
            f"DIR: {args.folder} exists. Choose another name, or replace an example with "
            "--overwrite."
        )
    check_folder("DIR", args.folder)
    from ..datasets import save_example

    names = ("n_cells", "n_genes", "n_reads", "overwrite")
    options = {name: getattr(args, name) for name in names}
    folder = save_example(args.folder, random_state=args.seed, **options)
    if not args.quiet:
        print(describe_example(folder), flush=True)
    return 0


def describe_example(folder):
    """Return the files of an example with their sizes, and what comes next, as text."""
    from ..utils import format_table

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sizes = {path: path.stat().st_size for path in files}
    tracks = [path for path in files if path.parent != folder]
    rows = [["tracks/*.tagAlign.gz", f"{len(tracks)} files", _kilobytes(sizes, tracks)]]
    for path in files:
        if path not in tracks:
            rows.append([path.name, "", _kilobytes(sizes, [path])])
    what = [folder / name for name in ("tracks.tsv", "genes.gtf.gz", "expression.tsv")]
    return "\n".join(
        [
            f"Simulated example in {folder}, {_kilobytes(sizes, files)} in all:",
            format_table([["file", "", "size"], *rows], 3),
            "",
            "Next: " + " ".join(["histoexpr build", *map(str, what), "--out cells"]),
        ]
    )


def _kilobytes(sizes, paths):
    return f"{sum(sizes[path] for path in paths) / 1000:,.1f} kB"
