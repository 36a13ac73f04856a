"""The cell of each sample, for what learns something of whole cells."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..model_selection import check_groups
from ..utils import refuse_masked, shorten

# What the cell of samples is called where none is known
UNNAMED = ""
# The distribution of fewer samples says too little of a cell, or nothing
FEW, TOO_FEW = 100, 10


def cell_of_samples(source, cell, n_samples):
    """Return the cell of each sample as text, ``UNNAMED`` where none is known.

    ``source`` is what :func:`~histoexpr.utils.read_signals` found; a data set brings its cells.
    """
    if cell is None and source.dataset is not None:
        cell = source.dataset.cell
    if cell is None:
        return np.full(n_samples, UNNAMED)
    return check_groups(refuse_masked(cell, "cell"), n_samples).cell


def check_cells_named(estimator, cell):
    """Refuse samples without a cell where ``fit`` had cells (``estimator.cells_``)."""
    if UNNAMED in cell and UNNAMED not in estimator.cells_:
        raise ValueError(
            f"cell is missing: {type(estimator).__name__} was fitted with the cells "
            f"{shorten(estimator.cells_)}. Give the cell of each sample, or a data set as X; in a "
            "pipeline, route it with set_transform_request(cell=True) and its like."
        )


def new_cells(cell, known):
    """Return the rows of each cell that is not known, by name.

    Refuse cells with too few samples for a distribution, and warn of few.
    """
    found = {}
    for name in np.unique(cell).tolist():
        if name in known:
            continue
        found[name] = rows = np.flatnonzero(cell == name)
        if len(rows) < TOO_FEW:
            raise ValueError(
                f"{len(rows)} sample(s) of the new cell {name!r} do not show its distribution; at "
                f"least {TOO_FEW} are needed, and better all its genes. Give the whole cell to "
                "learn_cells first."
            )
        if len(rows) < FEW:
            warnings.warn(
                f"The distribution of the new cell {name!r} is taken from {len(rows)} samples "
                "only. Give more of its genes to learn_cells first.",
                HistoexprWarning,
                stacklevel=4,
            )
    return found
