"""Generation of histone signals, and measures of how far generated signals can be trusted.

Holds the generator, a transformer with a latent space, and its report against held-out signals
and simple baselines. May import training, networks and utilities, and what lies below them.
"""

from ._generator import SignalGenerator
from ._judges import two_sample_auroc
from ._measures import MEASURES, SHORT
from ._report import generation_report
from ._report_result import GenerationReport

# The other names that are imported above are for other rooms
__all__ = [
    "GenerationReport",
    "SignalGenerator",
    "generation_report",
]
