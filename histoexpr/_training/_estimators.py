"""What all estimators that train networks do with their own attributes."""

import contextlib


def store_parameters(estimator, parameters):
    """Set ``parameters``, the ``locals()`` of ``__init__``, as attributes of the same names.

    Networks take some thirty hyper-parameters: stated once in the signature, where
    scikit-learn reads them, they need not be repeated line by line.
    """
    implicit = {"self", "__class__"}  # of every method, and of one that calls super()
    own = {name: value for name, value in parameters.items() if name not in implicit}
    vars(estimator).update(own)


@contextlib.contextmanager
def last_fit_kept(estimator):
    """Yield an estimator's attributes and restore them if the block fails: its last fit stays."""
    before = dict(vars(estimator))
    try:
        yield before
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        raise
