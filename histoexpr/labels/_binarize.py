"""Binary labels of genes, expressed or not, from expression values."""

import warnings
from numbers import Real

import numpy as np

from ..datasets import ExpressionTable
from ..exceptions import HistoexprWarning
from ..replication import text_labels
from ..utils import Interval, StrOptions, validate_params
from ._label_warnings import warn_floor, warn_one_class

# method -> the parameter that belongs to it
LABEL_METHODS = {
    "median": None,
    "quantile": "quantile",
    "threshold": "threshold",
    "top-bottom": "fraction",
    "deepchrome-legacy": None,
}


@validate_params(
    {
        "method": [StrOptions(set(LABEL_METHODS))],
        "quantile": [Interval(Real, 0, 1, closed="neither"), None],
        "threshold": [Interval(Real, None, None, closed="neither"), None],
        "fraction": [Interval(Real, 0, 0.5, closed="right"), None],
    },
    prefer_skip_nested_validation=True,
)
def binarize_expression(rpkm, method="median", *, quantile=None, threshold=None, fraction=None):
    """Label genes as expressed (1) or not expressed (0), in each cell by itself.

    A gene is expressed if its value is **greater** than the cut-off; a value equal to the
    cut-off is labelled 0.

    Parameters
    ----------
    rpkm : array-like of shape (n_genes,) or (n_genes, n_cells), or ExpressionTable
        Expression of the genes of one cell, or of several, one cell per column. The
        cut-off is taken from all genes given, so give all genes that were measured.
    method : str, default="median"
        Where the cut-off lies.

        - ``"median"``: the median of the cell.
        - ``"quantile"``: the given ``quantile`` of the cell (linearly interpolated).
        - ``"threshold"``: the given ``threshold``, the same for all cells.
        - ``"top-bottom"``: above the quantile 1 - ``fraction`` is 1, at or below the
          quantile ``fraction`` is 0, and what lies between is **-1: left out**. Keep the
          others with ``labels >= 0``. Genes tied with the lower cut-off, often those
          that are zero, are all 0, even if they are more than ``fraction``.
        - ``"deepchrome-legacy"``: the fault in the labels of the DeepChrome benchmark,
          reproduced exactly; see Notes. Warns.
    quantile : float between 0 and 1, optional
        Required by ``"quantile"``.
    threshold : float, optional
        Required by ``"threshold"``, in the unit of the values.
    fraction : float above 0 and up to 0.5, optional
        For ``"top-bottom"``; default 0.25.

    Returns
    -------
    ndarray of int64, of the shape of ``rpkm``
        0, 1 and, for ``"top-bottom"``, -1.

    Raises
    ------
    ValueError
        If there are no values, some are missing or infinite, or a parameter is out of range
        or does not belong to the method.

    Warns
    -----
    HistoexprWarning
        With ``method="deepchrome-legacy"``; if the cut-off (of ``"top-bottom"``, the upper
        one) of a cell is its smallest value, often 0; if a cell has labels of one class only.

    Notes
    -----
    The labels of the data set published with DeepChrome (Singh et al. 2016,
    Bioinformatics 32:i639; Zenodo record 2652278) came from comparing RPKM and the cell's
    median **as text**, both written with three decimals: ``"10.575" > "3.330"`` is false
    because ``"1"`` sorts before ``"3"``. Labels are right only in cells whose median
    starts with ``1.`` (seven of 56); in the others 13 to 32 % of all genes are labelled 0
    though they lie above the median. Use this method to reproduce published numbers,
    never to train a model.

    Single-precision values are taken for the decimal number they print as, so that
    0.1 equals the threshold 0.1.

    Examples
    --------
    >>> from histoexpr.labels import binarize_expression
    >>> rpkm = [0.0, 0.4, 3.33, 5.2, 10.575]
    >>> binarize_expression(rpkm)
    array([0, 0, 0, 1, 1])
    >>> binarize_expression(rpkm, "threshold", threshold=1.0)
    array([0, 0, 1, 1, 1])
    >>> binarize_expression(rpkm, "top-bottom", fraction=0.25)
    array([ 0,  0, -1, -1,  1])
    """
    values = _check_expression(rpkm)
    parameter = _check_parameter(
        method, {"quantile": quantile, "threshold": threshold, "fraction": fraction}
    )
    # stacklevel 3: beyond the wrapper that validates the parameters
    if method == "deepchrome-legacy":
        warnings.warn(
            "The labels are made with DeepChrome's comparison of numbers as text, which "
            "labels many expressed genes as not expressed. Use them to reproduce published "
            "numbers only; the right ones come from method='median'.",
            HistoexprWarning,
            stacklevel=3,
        )
        return text_labels(values)
    labels, cutoff = label_values(values, method, parameter)
    cells = rpkm.cells if isinstance(rpkm, ExpressionTable) else None
    if method != "threshold":  # which the user has chosen
        warn_floor(values, cutoff, cells, 3)
    warn_one_class(labels, cells, 3)
    return labels


def label_values(values, method="median", parameter=None):
    """Return the labels of checked values and the cut-off above which they are 1, unwarned."""
    if method == "top-bottom":
        low, high = np.quantile(values, [parameter, 1 - parameter], axis=0)
        return np.where(values > high, 1, np.where(values <= low, 0, -1)), high
    cutoff = parameter
    if method == "median":  # numpy's quantile may differ from it in the last digit
        cutoff = np.median(values, axis=0)
    elif method == "quantile":
        cutoff = np.quantile(values, parameter, axis=0)
    return (values > cutoff).astype(np.int64), cutoff


def _check_expression(rpkm):
    try:
        values = np.asarray(rpkm.values if isinstance(rpkm, ExpressionTable) else rpkm)
    except ValueError as error:
        raise ValueError("rpkm has rows of different lengths; expected one per gene.") from error
    if values.dtype.kind not in "fiub":
        raise ValueError(f"rpkm has dtype {values.dtype}; expected numbers.")
    if values.ndim not in (1, 2) or values.size == 0:
        raise ValueError(
            f"rpkm has shape {values.shape}; expected (n_genes,) or (n_genes, n_cells) with at "
            "least one gene and cell."
        )
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        values = values.astype(str)
    values = values.astype(np.float64)
    if not np.isfinite(values).all():
        where = np.argwhere(~np.isfinite(values))[0].tolist()
        raise ValueError(
            f"rpkm holds {values[tuple(where)]} at {where}. Fill or leave out missing values "
            "before making labels."
        )
    return values


def _check_parameter(method, given):
    name = LABEL_METHODS[method]
    for other, value in given.items():
        if value is not None and other != name:
            raise ValueError(
                f"{other}={value!r} has no meaning with method={method!r}."
                + (f" Did you mean {name}?" if name else "")
            )
    if name is None:
        return None
    if given[name] is None and method != "top-bottom":
        raise ValueError(f"method={method!r} needs the number {name}, got None.")
    return 0.25 if given[name] is None else float(given[name])
