"""The command line: ``histoexpr demo``, ``histoexpr crosscell`` and others."""

from ._main import main

__all__ = ["main"]
