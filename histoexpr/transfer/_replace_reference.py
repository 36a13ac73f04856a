"""A fitted model with other reference cells than those it was fitted with."""

import copy

from ._reference_base import ReferenceModel
from ._reference_table import ReferenceTable


def replace_reference(model, reference):
    """Return a fitted model that looks up the genes in another table of reference cells.

    What was fitted stays: how much the references count beside the signals. All cells are then
    as new ones to it, of which it learns from the genes that are given together. ``model`` itself
    is not changed.

    Parameters
    ----------
    model : ReferenceClassifier or ReferenceRegressor
        Fitted with a reference.
    reference : DataFrame, ExpressionTable or path
        Expression of genes × cells.

    Returns
    -------
    estimator

    Raises
    ------
    ValueError
        If the model has no use for a reference, or the table is none.
    """
    if not isinstance(model, ReferenceModel):
        raise ValueError(
            f"reference is given, but {type(model).__name__} uses no expression of other cells. "
            "Leave it out, or train with model='reference' (--model reference)."
        )
    if model._both is None:
        raise ValueError(
            f"This {type(model).__name__} was fitted without a reference, or with one that has "
            "none of its genes, and has not learned what one is worth. Train it with one."
        )
    found = copy.copy(model)
    found.reference, found._table = reference, ReferenceTable(reference)
    # what was known of cells rests on the table that was there
    found._distributions, found._similar = {}, {}
    return found
