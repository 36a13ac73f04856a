"""Output that may end early or be closed, and which argument an error is about."""

import contextlib
import os
import sys
from pathlib import Path


class Stream:
    """A text stream whose reader may go away, which is no error: the rest is dropped.

    Files are still to be written: without this the first move of a progress bar in a closed pipe
    (``histoexpr demo 2>&1 | head -1``) ends the work before anything is saved.
    """

    def __init__(self, stream, name):
        self._stream, self._name = stream, name

    def write(self, text):
        """Write text and return its length."""
        with self._watched():
            self._stream.write(text)
        return len(text)

    def flush(self):
        """Flush what was written."""
        with self._watched():
            self._stream.flush()

    @contextlib.contextmanager
    def _watched(self):
        try:
            yield
        except BrokenPipeError:
            self._drop()
        except OSError as error:
            self._drop()  # what is left in the buffer would fail again when Python ends
            raise OSError(
                f"{self._name} cannot be written ({error.strerror}). Send it elsewhere; files "
                "that were asked for are written before their summary is printed."
            ) from error

    def _drop(self):
        with contextlib.suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)

    def __getattr__(self, name):
        return getattr(self._stream, name)


@contextlib.contextmanager
def tolerant_output():
    """Let standard output and error end early, or be closed from the start, in this context."""
    before = sys.stdout, sys.stderr
    try:
        sys.stdout = Stream(before[0] or _nowhere(), "standard output")
        sys.stderr = Stream(before[1] or _nowhere(), "standard error")
        yield
    finally:
        sys.stdout, sys.stderr = before


def _nowhere():
    """Return a stream for a closed one.

    It stays open, and so in the place of the closed one: a data file that were opened there would
    be written into by whatever complains.
    """
    handle = os.open(os.devnull, os.O_WRONLY)
    os.set_inheritable(handle, True)  # to workers, as the other standard streams
    return open(handle, "w", encoding="utf-8", closefd=False)


def option_of(filename, args):
    """Return the argument that a file is of, as the command line calls it; None of none.

    That is the longest path among the parsed arguments ``args`` that is the file, or a folder
    above it, or beside which it is a temporary file. ``args.parser`` is the parser.
    """
    parser = getattr(args, "parser", None)
    if filename is None or isinstance(filename, int) or parser is None:
        return None
    path, found = Path(os.path.abspath(os.fsdecode(filename))), {}
    for action in parser._actions:
        value = getattr(args, action.dest, None)
        if not isinstance(value, (str, Path)) or not str(value):
            continue
        asked = Path(os.path.abspath(value))
        is_temporary = path.parent == asked.parent and path.name.startswith(f".{asked.name[:40]}.")
        if asked == path or asked in path.parents or is_temporary:
            label = action.metavar if isinstance(action.metavar, str) else action.dest
            name = action.option_strings[0] if action.option_strings else label
            found[len(asked.parts)] = name
    return found[max(found)] if found else None
