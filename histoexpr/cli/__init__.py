"""The command line: ``histoexpr build``, ``train``, ``predict``, ``info``, ``compare`` and more.

One command a file; each reads its arguments, calls the package and writes files whole or not
at all. Imports every room.
"""

from ._main import build_parser, main

# The other names that are imported above are for other rooms
__all__ = [
    "main",
]
