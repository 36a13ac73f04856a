"""What all estimators that train networks do with their own attributes."""

import contextlib
import copy

from ..utils import is_symmetric


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


@contextlib.contextmanager
def network_kept(net, rng):
    """Restore a skorch net, its optimizer and the order of batches if the block fails.

    ``rng`` draws the order; both are None before the first training.
    """
    if net is None:
        yield
        return
    weights = copy.deepcopy(net.module_.state_dict())
    optimizer, settings = (
        (net.optimizer, net.optimizer_),
        copy.deepcopy(net.optimizer_.state_dict()),
    )
    order = None if rng is None else rng.get_state()
    try:
        yield
    except BaseException:
        net.module_.load_state_dict(weights)
        net.optimizer, net.optimizer_ = optimizer
        net.optimizer_.load_state_dict(settings)
        if rng is not None:
            rng.set_state(order)
        raise


def runs_along_genome(estimator, X, rows):
    """Whether the bins of X run along the genome: as the data set states, else as they look.

    ``rows`` are the samples to look at, None for all.
    """
    oriented = getattr(estimator, "oriented_in_", None)
    if oriented is not None:
        return not oriented
    # The columns of a two-dimensional X may be anything, not only bins.
    return estimator.n_marks_in_ > 1 and is_symmetric(X, rows)
