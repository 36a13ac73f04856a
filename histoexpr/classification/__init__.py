"""Classifiers: expressed or not, from histone modifications.

Holds one scikit-learn classifier for each network, and :data:`CLASSIFIERS`, their registry:
the experiments, the command line and the tests that all estimators share read it. Imports what
estimators of networks share, and whatever lies below.
"""

from ._cnn import HistoneCNNClassifier
from ._linear import HistoneLinearClassifier
from ._mlp import HistoneMLPClassifier
from ._net import HistoneNetClassifier

# Short name, as studies and commands use it -> class
CLASSIFIERS = {
    "linear": HistoneLinearClassifier,
    "cnn": HistoneCNNClassifier,
    "mlp": HistoneMLPClassifier,
}

# The registry is for other rooms
__all__ = [
    "HistoneCNNClassifier",
    "HistoneLinearClassifier",
    "HistoneMLPClassifier",
    "HistoneNetClassifier",
]
