"""Commands with what they print, as a page shows them in blocks of ``console``.

``python tests/support/console.py README.md`` runs those of a file, in a temporary folder, and
writes what they print now into it.
"""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NUMBER = re.compile(r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def read_console(text):
    """Return (command, output) of every line that starts with a dollar sign."""
    found = []
    for block in _BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.strip("\n")))
    return found


def run_command(command):
    """Run a command of ours in this process; return what it prints."""
    from histoexpr.cli import main

    name, *arguments = shlex.split(command)
    if name != "histoexpr":
        raise ValueError(f"not a command of ours: {command}")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = main(arguments)
    if status:
        raise RuntimeError(f"status {status} of {command}")
    return printed.getvalue().strip("\n")


def differences(shown, printed, *, absolute=0.02, relative=0.02):
    """Return the lines of which words differ, or numbers by more than both tolerances.

    Widths of columns do not count: they follow the numbers.
    """
    lines = [text.splitlines() for text in (shown, printed)]
    if len(lines[0]) != len(lines[1]):
        return [f"{len(lines[0])} lines are shown, {len(lines[1])} printed:\n{printed}"]
    found = []
    for one, other in zip(*lines, strict=True):
        words = [re.sub(r"-{3,}", "---", _NUMBER.sub("#", line)).split() for line in (one, other)]
        numbers = [[_value(n) for n in _NUMBER.findall(line)] for line in (one, other)]
        alike = words[0] == words[1] and all(
            abs(a - b) <= max(absolute, relative * abs(a)) for a, b in zip(*numbers, strict=True)
        )
        if not alike:
            found.append(f"shown:   {one}\nprinted: {other}")
    return found


def _value(text):
    return float(text.replace(",", "").replace("−", "-"))


def renew(text):
    """Return a text with what its commands print now, run in the working directory."""

    def block(match):
        parts = []
        for command, _ in read_console(match[0]):
            output = run_command(command)
            parts.append("\n".join(filter(None, [f"$ {command}", output])))
        return "\n".join(["```console", *parts, "```"])

    return _BLOCK.sub(block, text)


if __name__ == "__main__":
    page = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        renewed = renew(page.read_text(encoding="utf-8"))
    page.write_text(renewed, encoding="utf-8")
