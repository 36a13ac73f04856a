"""Pairs of cells the other way round."""

from ..utils import cells_of_pair, pair_name, shorten, swap_sides, swapped_marks
from ._dataset import HistoneDataset
from ._rows import check_dataset


def swap_pairs(data):
    """Return pairs of cells the other way round: "E123 vs E003" for "E003 vs E123".

    Parameters
    ----------
    data : HistoneDataset
        Pairs that :func:`pair_cells` made.

    Returns
    -------
    HistoneDataset
        The same samples in the same order, with the signals of the two cells exchanged, changes
        of signals and expression of the opposite sign, and y of 0 where it was 1 and expression
        is not equal in both cells.

    Raises
    ------
    ValueError
        If the cells or marks are not those of pairs, or y is not known to be a direction.

    Examples
    --------
    >>> from histoexpr import make_histone_cells, pair_cells
    >>> from histoexpr.datasets import swap_pairs
    >>> pairs = pair_cells(make_histone_cells(n_cells=2, n_genes=9, random_state=0))
    >>> swap_pairs(pairs).cells.tolist()
    ['C02 vs C01']
    """
    check_dataset(data, HistoneDataset, "data")
    swapped = {name: cells_of_pair(name) for name in data.cells.tolist()}
    places = swapped_marks(data.marks)
    if None in swapped.values() or places is None:
        raise ValueError(
            f"The data set has the cells {shorten(swapped)} and marks {shorten(data.marks)}: no "
            "pairs of cells. Make them with histoexpr.pair_cells."
        )
    parts = {"X": swap_sides(data.X, *places)}
    parts["cell"] = [pair_name(*swapped[name][::-1]) for name in data.cell.tolist()]
    if data.log2_fold_change is not None:
        parts["log2_fold_change"] = -data.log2_fold_change
        if data.y is not None:
            parts["y"] = (parts["log2_fold_change"] > 0).astype(int)
    elif data.y is not None:
        raise ValueError(
            "The data set has labels y without log2_fold_change, so it is unknown what becomes of "
            "them. Leave them out: data.replace(y=None)."
        )
    return data.replace(**parts)
