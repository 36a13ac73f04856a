"""Cells that are compared with each other are no references for each other."""


def exclude_cells(estimator, cells):
    """Return an estimator whose models with references use none of some cells.

    The prediction for a cell would else rest on what is measured in the one that it is compared
    with, and the two would differ in the wrong direction. ``estimator`` is changed if it has such
    a model, which it names by its parameter ``exclude``.
    """
    params = estimator.get_params(deep=True)
    for name in params:
        if name == "exclude" or name.endswith("__exclude"):
            wanted = dict.fromkeys([*map(str, params[name]), *map(str, cells)])
            estimator.set_params(**{name: tuple(wanted)})
    return estimator
