"""Pairs of cells: gene × pair, with the signals of both cells and the change of expression."""

import itertools
import warnings
from numbers import Real

import numpy as np

from ..exceptions import HistoexprWarning
from ..utils import (
    Interval,
    StrOptions,
    pair_marks,
    pair_name,
    shorten,
    validate_params,
)
from ._dataset import HistoneDataset
from ._match_cells import OF_GENE, genes_of, match_rows
from ._rows import check_dataset

# Integers up to this one are exact in float32
_EXACT = 2**24


@validate_params(
    {
        "pairs": [StrOptions({"all"}), "array-like"],
        "target": [StrOptions({"log2_fold_change", "direction"})],
        "symmetric": ["boolean"],
        "change": ["boolean"],
        "min_change": [None, StrOptions({"label"}), Interval(Real, 0, None, closed="neither")],
    },
    prefer_skip_nested_validation=True,
)
def pair_cells(
    data,
    pairs="all",
    target="log2_fold_change",
    *,
    symmetric=False,
    change=True,
    min_change=None,
):
    """Make a data set of pairs of cells, to learn what changes between them.

    One sample is one gene in one pair of cells. Every classifier and regressor works on it:
    regressors learn how much expression changes, classifiers whether it rises.

    Parameters
    ----------
    data : HistoneDataset
        Two cells or more. Expression (or labels) may be missing: then so is the target.
    pairs : "all" or sequence of pairs of str, default="all"
        Pairs ``(first, second)``: change is that of the second cell against the first. "all" is
        every two cells once, in the order of their names.
    target : {"log2_fold_change", "direction"}, default="log2_fold_change"
        "log2_fold_change" keeps all genes; "direction" leaves out those of which the direction
        is not defined: expression equal in both cells, or unknown.
    symmetric : bool, default=False
        Whether to add the pair ``(second, first)`` after each pair.
    change : bool, default=True
        Whether to add the difference of the signals, as marks of their own: the result is
        then in floating point. Without it, counts remain counts.
    min_change : float or "label", default=None
        Leave out genes whose log2 fold change is smaller than this in either direction, or
        unknown; "label" leaves out those with the same label in both cells.

    Returns
    -------
    HistoneDataset
        ``cell`` is the pair, such as ``"E003 vs E123"``, and the marks of, say, H3K4me3 are
        ``first:H3K4me3``, ``second:H3K4me3`` and ``change:H3K4me3`` (second less first): the same
        for all pairs. The column ``log2_fold_change`` is what regressors learn, and ``y`` is 1
        where expression is higher in the second cell, else 0; both are missing where expression
        is. ``y`` is left out if the change of any sample is unknown. Position, strand and split of
        the genes, bins and window are those of ``data``; ``meta["pair_cells"]`` states what was
        done and how many genes of each pair were left out.

    Raises
    ------
    ValueError
        If there are no two cells with common genes, a pair names an unknown cell or the same one
        twice, a gene occurs twice in a cell or in two places, expression is negative, or
        no sample is left.

    Warns
    -----
    HistoexprWarning
        If genes are left out because only one of two cells has them.

    See Also
    --------
    swap_pairs : The same pairs the other way round.
    histoexpr.transfer.PairRegressor : A regressor whose sign flips with the order of the cells.
    histoexpr.model_selection.UnseenCellsSplit : Keeps cells and genes out of training.

    Notes
    -----
    The log2 fold change is ``log2((b + 1) / (a + 1))`` of expression ``a`` in the first and ``b``
    in the second cell, usually in RPKM. The difference of signals is that of raw signals, bin by
    bin, exact and in float32 (float64 where the signals are or exceed 2^24). It can be negative:
    networks take ``sign(x) log(1 + |x| / pseudocount)`` of it. To learn from
    many cells, or for cells without expression, make signals comparable first, see
    :class:`CellNormalizer`.

    Examples
    --------
    >>> from histoexpr import make_histone_cells, pair_cells
    >>> cells = make_histone_cells(n_cells=3, n_genes=50, random_state=0)
    >>> pairs = pair_cells(cells, [("C01", "C02")])
    >>> pairs.cells.tolist(), pairs.marks[::5]
    (['C01 vs C02'], ['first:H3K27me3', 'second:H3K27me3', 'change:H3K27me3'])
    """
    check_dataset(data, HistoneDataset, "data")
    chosen = _check_pairs(pairs, data.cells.tolist())
    check_expression(data)
    if data.expression is None and (target == "direction" or isinstance(min_change, Real)):
        raise ValueError(
            f"target={target!r} with min_change={min_change!r} needs expression, which the data "
            "set lacks. For prediction alone leave both out."
        )
    if min_change == "label" and data.y is None:
        raise ValueError(
            "min_change='label' needs labels, which the data set lacks. Make them with "
            "histoexpr.relabel, or give the log2 fold change from which a gene counts."
        )
    genes = {cell: genes_of(data, cell) for pair in chosen for cell in pair}
    parts, left_out = [], {}
    for pair in chosen:
        rows, alone = match_rows(data, pair, genes)
        kept = _changed(data, rows, target, min_change)
        parts.append((pair, rows[:, kept]))
        if symmetric:
            parts.append((pair[::-1], rows[::-1, kept]))
        left_out[pair_name(*pair)] = {"in_one_cell": alone, "not_changed": int((~kept).sum())}
    if not any(rows.size for _, rows in parts):
        raise ValueError(
            f"No gene is left of {shorten(left_out)} with target={target!r} and "
            f"min_change={min_change!r}. Lower min_change; for pairs without known expression "
            "take target='log2_fold_change' and min_change=None."
        )
    _warn_of_left_out(left_out)
    done = {"target": target, "min_change": min_change, "left_out": left_out}
    return _join(data, parts, change, done)


def _check_pairs(pairs, cells):
    """Return the pairs as a list of tuples of cells that there are."""
    if len(cells) < 2:
        raise ValueError(
            f"Pairs need two cells or more, and the data set has {shorten(cells) or 'none'}. Join "
            "data sets with HistoneDataset.concat."
        )
    if isinstance(pairs, str):
        return list(itertools.combinations(cells, 2))
    chosen = []
    for pair in pairs:
        pair = (pair,) if isinstance(pair, str) else tuple(map(str, np.atleast_1d(pair)))
        unknown = [cell for cell in pair if cell not in cells]
        if len(pair) != 2 or unknown or pair[0] == pair[1]:
            fault = f"there is no cell {unknown[0]}" if unknown else "expected two different cells"
            raise ValueError(
                f"pairs has {pair!r}: {fault}. Give pairs such as {tuple(cells[:2])!r} of the "
                f"cells {shorten(cells)}."
            )
        chosen.append(pair)
    if not chosen or len(set(chosen)) < len(chosen):
        raise ValueError(f"pairs must hold at least one pair, and each once, got {pairs!r}.")
    return chosen


def check_expression(data):
    """Raise ValueError if expression is negative anywhere: fold changes would be wrong."""
    if data.expression is None:
        return
    wrong = np.flatnonzero(data.expression < 0)
    if len(wrong):
        raise ValueError(
            f"The expression of {len(wrong)} sample(s) is negative, the first being gene "
            f"{data.gene[wrong[0]]} in cell {data.cell[wrong[0]]}; expected RPKM or another "
            "measure from 0 upwards. If these are logarithms, give 2**x - 1."
        )


def _fold_change(data, rows):
    """Return the log2 fold change of matched rows, NaN where unknown."""
    first, second = np.log2(data.expression[rows] + 1.0)
    return second - first


def _changed(data, rows, target, min_change):
    """Return which of the matched genes are kept."""
    kept = np.ones(rows.shape[1], dtype=bool)
    if min_change == "label":
        kept &= data.y[rows[0]] != data.y[rows[1]]
    if data.expression is None:
        return kept
    size = np.abs(_fold_change(data, rows))
    if target == "direction":
        kept &= size > 0
    return kept & (size >= min_change) if isinstance(min_change, Real) else kept


def _warn_of_left_out(left_out):
    alone = {name: counts["in_one_cell"] for name, counts in left_out.items()}
    some = [f"{count:,} of {name}" for name, count in alone.items() if count]
    if some:
        warnings.warn(
            f"Genes that only one of the two cells has are left out: {shorten(some, 3)}.",
            HistoexprWarning,
            stacklevel=4,
        )


def _join(data, parts, change, done):
    """Return the data set of all pairs, from the matched rows of each."""
    of_first, of_second = np.concatenate([rows for _, rows in parts], axis=1)
    columns = {name: _take(data, name, of_first) for name in ("gene", *OF_GENE)}
    columns["cell"] = np.repeat(
        [pair_name(*pair) for pair, _ in parts], [rows.shape[1] for _, rows in parts]
    )
    if data.expression is not None:
        values = _fold_change(data, np.array([of_first, of_second]))
        columns["log2_fold_change"] = values
        if not np.isnan(values).any():
            columns["y"] = (values > 0).astype(np.int64)
    return HistoneDataset(
        _signals(data.X, of_first, of_second, change),
        **columns,
        marks=pair_marks(data.marks, change),
        bin_size=data.bin_size,
        window=data.window,
        oriented=data.oriented,
        meta={**data.meta, "pair_cells": done},
    )


def _take(data, name, rows):
    values = getattr(data, name)
    return None if values is None else values[rows]


def _signals(X, first, second, change):
    """Return signals of both cells and, with ``change``, the second less the first."""
    n_marks, dtype = X.shape[2], X.dtype
    if change:
        exact = dtype.itemsize < 4 if dtype.kind == "f" else X.max(initial=0) <= _EXACT
        dtype = np.float32 if exact or dtype == np.float32 else np.float64
    joined = np.empty((len(first), X.shape[1], (2 + change) * n_marks), dtype=dtype)
    joined[:, :, :n_marks] = X[first]
    joined[:, :, n_marks : 2 * n_marks] = X[second]
    if change:
        np.subtract(
            joined[:, :, n_marks : 2 * n_marks],
            joined[:, :, :n_marks],
            out=joined[:, :, 2 * n_marks :],
        )
    return joined
