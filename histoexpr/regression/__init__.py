"""Regressors: the level of expression, from histone modifications.

Holds one scikit-learn regressor for each network, and :data:`REGRESSORS`, their registry. The
target is log2(RPKM + 1), or any other real value. Imports what the classifiers import.
"""

from ._cnn import HistoneCNNRegressor
from ._linear import HistoneLinearRegressor
from ._mlp import HistoneMLPRegressor
from ._net import HistoneNetRegressor

# Short name, as studies and commands use it -> class
REGRESSORS = {
    "linear-regressor": HistoneLinearRegressor,
    "cnn-regressor": HistoneCNNRegressor,
    "mlp-regressor": HistoneMLPRegressor,
}

# The registry is for other rooms
__all__ = [
    "HistoneCNNRegressor",
    "HistoneLinearRegressor",
    "HistoneMLPRegressor",
    "HistoneNetRegressor",
]
