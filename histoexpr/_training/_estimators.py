"""What all estimators that train networks do with their own attributes."""

import contextlib


def store_parameters(estimator, parameters):
    """Set what ``__init__`` was called with as attributes of the same names.

    Networks take some thirty hyper-parameters: stated once in the signature, where
    scikit-learn reads them, they need not be repeated line by line.

    Parameters
    ----------
    estimator : estimator
    parameters : dict
        ``locals()`` of its ``__init__``.
    """
    own = {name: value for name, value in parameters.items() if name not in _IMPLICIT}
    vars(estimator).update(own)


# of every method, and of one that calls super()
_IMPLICIT = {"self", "__class__"}


@contextlib.contextmanager
def last_fit_kept(estimator):
    """Restore the attributes of an estimator if the block fails, so that its last fit stays.

    Yields
    ------
    dict
        The attributes at the beginning.
    """
    before = dict(vars(estimator))
    try:
        yield before
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        raise
