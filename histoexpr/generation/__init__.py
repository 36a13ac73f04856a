"""Generating histone signals, and telling whether what is generated can be trusted."""

from ._generator import SignalGenerator
from ._report import GenerationReport, generation_report

__all__ = ["GenerationReport", "SignalGenerator", "generation_report"]
