"""Generating histone signals, and telling whether what is generated can be trusted."""

from ._generator import SignalGenerator

__all__ = ["SignalGenerator"]
