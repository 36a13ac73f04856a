"""Choosing a command and reporting errors."""

import argparse
import os
import shlex
import sys
import warnings

from .. import __version__
from ..exceptions import HistoexprWarning


def _demo():
    from . import _demo as command

    return command


def _crosscell():
    from . import _crosscell as command

    return command


def _build():
    from . import _build as command

    return command


def _audit():
    from . import _audit as command

    return command


def _compare():
    from . import _compare as command

    return command


def _example():
    from . import _example as command

    return command


def _fetch():
    from . import _fetch as command

    return command


def _study():
    from . import _study as command

    return command


def _generate():
    from . import _generate as command

    return command


def _maps():
    from . import _maps as command

    return command


# Each returns its file, which has add_parser(subparsers) that sets the default ``run``. Only the
# one that is asked for is imported: scikit-learn and pandas take two seconds
COMMANDS = {
    "demo": _demo, "crosscell": _crosscell, "build": _build, "audit": _audit, "study": _study,
    "compare": _compare, "example": _example, "fetch": _fetch,
    "generate": _generate, "maps": _maps,
}  # fmt: skip


def build_parser(only=None):
    """Return the parser of all commands, or of one."""
    parser = argparse.ArgumentParser(
        prog="histoexpr",
        description="Predict gene expression from histone modifications, and ask whether the "
        "relation holds across cell types.",
    )
    parser.add_argument("--version", action="version", version=f"histoexpr {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        if only in (None, name):
            command().add_parser(subparsers)
    return parser


def main(argv=None):
    """Run the command line; return 0, 1 after an error, 2 for wrong usage or 130 after Ctrl-C.

    ``argv`` is a list of arguments, default those of the process.
    """
    argv = sys.argv[1:] if argv is None else argv
    asked = argv[0] if argv and argv[0] in COMMANDS else None
    args = build_parser(asked).parse_args(argv)
    args.command_line = shlex.join(["histoexpr", *map(str, argv)])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", HistoexprWarning)
            warnings.showwarning = _tell
            return args.run(args) or 0
    except KeyboardInterrupt:
        print("histoexpr: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # the reader of our output has gone, which is no error: files are written before text
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, TypeError, OSError, ImportError, ArithmeticError) as error:
        if os.environ.get("HISTOEXPR_TRACEBACK"):
            raise
        print(f"histoexpr: error: {error}", file=sys.stderr)
        return 1


def _tell(message, *args, **kwargs):
    """Print a warning as one line, without the place in our code that it came from."""
    print(f"histoexpr: warning: {message}", file=sys.stderr)
