"""Generation of histone signals, and measures of how far generated signals can be trusted.

Holds the generator, a transformer with a latent space, and its report against held-out signals
and simple baselines. May import training, networks and utilities, and what lies below them.
"""

from ._fidelity import two_sample_auroc
from ._generator import SignalGenerator
from ._report import GenerationReport, generation_report

# The other names that are imported above are for other rooms
__all__ = [
    "GenerationReport",
    "SignalGenerator",
    "generation_report",
]
