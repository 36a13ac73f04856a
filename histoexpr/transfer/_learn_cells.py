"""What a fitted model learns of new cells, from signals alone."""

from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.validation import check_is_fitted

# What searches, and estimators that wrap one, call the fitted one
_INNER = ("best_estimator_", "estimator_")


def learn_cells(estimator, X, cell=None):
    """Let every step of a fitted model that can learn the distributions of new cells.

    Steps with a method ``learn_cells`` are :class:`~histoexpr.CellNormalizer` and
    :class:`CellPriorClassifier`. Afterwards samples of these cells are transformed and predicted
    one by one as together. A model without such steps is left as it is.

    Parameters
    ----------
    estimator : estimator
        A fitted estimator or pipeline. It is changed.
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        Signals of the cells, best of all their genes. Labels are not used.
    cell : array-like of shape (n_samples,), default=None
        Cell of each sample; by default that of the data set.

    Returns
    -------
    estimator
        The same.

    Raises
    ------
    ValueError
        As the methods of the steps.
    NotFittedError
        If the model is not fitted.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from histoexpr import CellNormalizer, HistoneLinearClassifier, make_histone_cells
    >>> from histoexpr.transfer import learn_cells
    >>> data = make_histone_cells(n_cells=2, n_genes=200, random_state=0)
    >>> first, second = (data.select(cells=cell) for cell in data.cells)
    >>> model = make_pipeline(CellNormalizer(), HistoneLinearClassifier()).fit(first)
    >>> learn_cells(model, second).predict_proba(second[:1]).shape
    (1, 2)
    """
    if hasattr(estimator, "learn_cells"):
        return estimator.learn_cells(X, cell=cell)
    check_is_fitted(estimator)
    for inner in _INNER:
        if hasattr(estimator, inner):
            learn_cells(getattr(estimator, inner), X, cell)
            return estimator
    for part in getattr(estimator, "calibrated_classifiers_", []):
        learn_cells(part.estimator, X, cell)
    steps = [step for _, step in getattr(estimator, "steps", []) if hasattr(step, "fit")]
    for number, step in enumerate(steps):
        learn_cells(step, X, cell)
        if any(learns_cells(later) for later in steps[number + 1 :]):
            asks = {"cell": cell} if hasattr(step, "learn_cells") else {}
            X = step.transform(X, **asks)
    return estimator


def learns_cells(estimator):
    """Return whether a fitted estimator, or a part of it, learns of new cells."""
    if hasattr(estimator, "learn_cells"):
        return True
    inner = [getattr(estimator, name) for name in _INNER if hasattr(estimator, name)]
    inner += [part.estimator for part in getattr(estimator, "calibrated_classifiers_", [])]
    inner += [step for _, step in getattr(estimator, "steps", [])]
    return any(map(learns_cells, inner))


def cell_params(estimator, method, cell):
    """Return the cells as an argument for a method that asks for them, else nothing."""
    if cell is None or not get_routing_for_object(estimator).consumes(method, ["cell"]):
        return {}
    return {"cell": cell}
