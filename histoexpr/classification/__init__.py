"""Classifiers: expressed or not, from histone modifications."""

from ._cnn import HistoneCNNClassifier
from ._linear import HistoneLinearClassifier
from ._mlp import HistoneMLPClassifier

__all__ = ["HistoneCNNClassifier", "HistoneLinearClassifier", "HistoneMLPClassifier"]
