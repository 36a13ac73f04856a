"""Choosing a command and reporting errors."""

import argparse
import errno
import importlib
import os
import shlex
import sys
import warnings

from .. import __version__
from ..exceptions import HistoexprWarning
from ._options import limited_threads
from ._parser import CommandParser
from ._streams import option_of, tolerant_output


def _verb(name):
    """Return a function that imports the file of a command, which has ``add_parser``."""
    return lambda: importlib.import_module(f"._{name}", __package__)


# Headings of the help, and the commands below each. Only the file of the one that is asked for is
# imported: scikit-learn and pandas take two seconds
GROUPS = {
    "start here": ("demo", "example", "fetch"),
    "data": ("build", "audit"),
    "models": ("train", "predict", "explain", "info", "maps", "generate"),
    "cell types": ("compare", "crosscell", "study"),
}
COMMANDS = {name: _verb(name) for names in GROUPS.values() for name in names}


def build_parser(only=None):
    """Return the parser of all commands, or of one."""
    parser = CommandParser(
        prog="histoexpr",
        description="Predict gene expression from histone modifications, and ask whether the "
        "relation\nholds across cell types.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.groups = GROUPS
    parser.add_argument("--version", action=_Version, help="print versions and exit")
    shells = ("bash", "zsh", "fish")
    what = 'shell code for completion: eval "$(histoexpr --print-completion bash)"'
    parser.add_argument("--print-completion", action=_Completion, choices=shells, help=what)
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for name, command in COMMANDS.items():
        if only in (None, name):
            own = command().add_parser(subparsers)
            own = subparsers.choices[name] if own is None else own
            own.set_defaults(parser=own)
    return parser


class _Version(argparse.Action):
    """Print our version and those of what results depend on; none of it is imported."""

    def __init__(self, option_strings, dest, **options):
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **options)

    def __call__(self, parser, namespace, values, option_string=None):
        from importlib import metadata

        lines = [f"histoexpr {__version__}", f"Python {sys.version.split()[0]}"]
        for name in ("numpy", "scikit-learn", "torch"):
            try:
                lines.append(f"{name} {metadata.version(name)}")
            except metadata.PackageNotFoundError:
                lines.append(f"{name} is not installed")
        print("\n".join(lines), flush=True)
        parser.exit()


class _Completion(argparse.Action):
    """Print the code that makes a shell ask us for completions."""

    def __init__(self, option_strings, dest, **options):
        super().__init__(option_strings, dest, default=argparse.SUPPRESS, **options)

    def __call__(self, parser, namespace, values, option_string=None):
        from ..utils import require

        argcomplete = require("argcomplete", "Completion in a shell")
        print(argcomplete.shellcode([parser.prog], shell=values), flush=True)
        parser.exit()


def main(argv=None):
    """Run the command line; return 0, 1 after an error, 2 for wrong usage or 130 after Ctrl-C.

    ``argv`` is a list of arguments, default those of the process.
    """
    argv = [str(text) for text in (sys.argv[1:] if argv is None else argv)]
    with tolerant_output():
        return _main(argv)


def _main(argv):
    args = None
    try:
        if "_ARGCOMPLETE" in os.environ:
            _complete()
        args = _parse(argv)
        args.command_line = shlex.join(["histoexpr", *argv])
        with warnings.catch_warnings(), limited_threads(getattr(args, "threads", None)):
            warnings.simplefilter("always", HistoexprWarning)
            warnings.showwarning = _tell
            status = args.run(args) or 0
        sys.stdout.flush()  # here, where an error can still be said
        return status
    except KeyboardInterrupt:
        print("histoexpr: interrupted", file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError, ImportError, ArithmeticError, MemoryError) as error:
        if os.environ.get("HISTOEXPR_TRACEBACK"):
            raise
        print(f"histoexpr: error: {_in_words(error, args)}", file=sys.stderr)
        return 1


def _parse(argv):
    """Return the arguments; without any, print the help and exit."""
    asked = argv[0] if argv and argv[0] in COMMANDS else None
    parser = build_parser(asked)
    args, unknown = parser.parse_known_args(argv)
    if unknown:
        getattr(args, "parser", parser).refuse(unknown)
    if args.command is None:
        parser.print_help()
        sys.stdout.flush()
        parser.exit()
    return args


def _complete():
    """Answer a shell that asks for completions; says nothing where argcomplete is missing."""
    try:
        import argcomplete
    except ImportError:
        return
    argcomplete.autocomplete(build_parser())


# What to do about an error of the operating system that comes with the bare words of errno
_REMEDIES = {
    errno.ENOSPC: "Make room on the disk, then run the same command again",
    errno.EFBIG: "Write to a disk, or with a limit (ulimit -f), that takes larger files",
    errno.EDQUOT: "Make room in your quota, then run the same command again",
    errno.EACCES: "Change its permissions, or name another place",
    errno.EPERM: "Change its permissions, or name another place",
    errno.EROFS: "The disk can only be read: name another place",
    errno.EISDIR: "It is a folder: give a file",
    errno.ENOTDIR: "A part of the path is a file: give a folder",
    errno.ENOENT: "It does not exist: check the path",
    errno.ENAMETOOLONG: "Choose a shorter name",
    errno.EMFILE: "Too many files are open: use fewer --jobs",
}


def _in_words(error, args):
    """Return the message of an error, of the operating system's with argument and remedy."""
    if isinstance(error, MemoryError):
        return f"out of memory. {error} Use fewer cells, genes or --jobs.".replace(" .", ".")
    if not isinstance(error, OSError) or error.errno is None or error.strerror is None:
        return str(error) or type(error).__name__
    option = option_of(error.filename, args)
    place = f"{option}: " if option else ""
    place += f"{error.filename}: " if error.filename is not None else ""
    what = error.strerror.rstrip(".")
    remedy = _REMEDIES.get(error.errno)
    # messages of ours end in their own remedy
    return f"{place}{what}." + (f" {remedy}." if remedy and "." not in what else "")


def _tell(message, *args, **kwargs):
    """Print a warning as one line, without the place in our code that it came from."""
    print(f"histoexpr: warning: {message}", file=sys.stderr)
