"""The modules whose classes a model file may hold, each imported when it is asked for.

Written as imports, not as names, so that nothing that stands in a file can lead to another one.
"""


def classification():
    """Return our room of classifiers."""
    from .. import classification as room

    return room


def regression():
    """Return our room of regressors."""
    from .. import regression as room

    return room


def generation():
    """Return our room of generators."""
    from .. import generation as room

    return room


def preprocessing():
    """Return our room of transformers."""
    from .. import preprocessing as room

    return room


def transfer():
    """Return our room of models for other cells."""
    from .. import transfer as room

    return room


def datasets():
    """Return our room of data sets and tables."""
    from .. import datasets as room

    return room


def nn():
    """Return our room of networks."""
    from .. import nn as room

    return room


def utils():
    """Return our helpers."""
    from .. import utils as room

    return room


def sklearn_ensemble():
    """Return scikit-learn's ensembles."""
    from sklearn import ensemble as room

    return room


def sklearn_linear_model():
    """Return scikit-learn's linear models."""
    from sklearn import linear_model as room

    return room


def sklearn_neural_network():
    """Return scikit-learn's perceptrons."""
    from sklearn import neural_network as room

    return room


def sklearn_pipeline():
    """Return scikit-learn's pipelines."""
    from sklearn import pipeline as room

    return room


def sklearn_preprocessing():
    """Return scikit-learn's scalers."""
    from sklearn import preprocessing as room

    return room
