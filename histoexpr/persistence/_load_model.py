"""Reading an estimator from a file that may come from anyone."""

import numpy as np

from ..exceptions import DataFormatError
from ..utils import check_path
from ._archive import read_archive
from ._decode import Decoder
from ._probe import compare_probe, kind_of

_REMEDY = "Ask who made the file to make it again with save_model."


def load_model(path, *, reference=None):
    """Return the fitted estimator that a file holds.

    Only classes of a fixed list are made, by their own constructors, and every attribute is
    checked for type, shape and value. No code in the file is run, nothing that it names is
    imported, and reading takes no more memory than some times its size: a file from a stranger
    may be opened, unlike a pickle or a file of joblib. Its predictions for some invented samples
    are compared with those written in the file when it was saved, so that an installation that
    predicts otherwise is found.

    Parameters
    ----------
    path : str or path-like
        A file that :func:`save_model` or ``histoexpr train`` wrote.
    reference : DataFrame, ExpressionTable, str or path-like, optional
        Expression of the reference cells of a model whose file names them only by a hash. Its
        genes and cells may be in another order, and more.

    Returns
    -------
    estimator
        Equal to the one that was saved, to the last bit of its weights. A reference of expression
        is an :class:`~histoexpr.ExpressionTable` of logarithms.

    Raises
    ------
    DataFormatError
        If the file is no model file, damaged, made by hand, or was written by a newer version; or
        if it needs a reference, and another one or none is given.
    FileNotFoundError
        If there is none.
    """
    path = check_path(path)
    archive = read_archive(path)
    try:
        estimator = make_again(archive, reference)
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        fault = str(error).rstrip(".")
        raise DataFormatError(f"The model cannot be used: {fault}. {_REMEDY}", path) from error
    except (MemoryError, RecursionError, RuntimeError, NotImplementedError) as error:
        fault = f"{type(error).__name__}: {str(error)[:200]}"
        raise DataFormatError(f"The model cannot be made ({fault}). {_REMEDY}", path) from error
    return estimator


def make_again(archive, reference=None):
    """Return the estimator of an archive; ValueError, or what its parts raise, if it is unfit."""
    decoder = Decoder(archive.arrays, reference)
    estimator = decoder.decode(archive.tree, "estimator")
    if not hasattr(estimator, "get_params"):
        raise ValueError("it holds no estimator")
    _check_kind(estimator, archive.info)
    _check_probe(estimator, archive.info, decoder.n_objects)
    return estimator


def _check_kind(estimator, info):
    kind = kind_of(estimator)
    if info.get("kind") != kind:
        raise ValueError(f"it is a {kind}, but says that it is a {str(info.get('kind'))[:40]}")


def _check_probe(estimator, info, n_parts):
    probe = info["probe"] or {"method": None, "values": None}
    values = probe["values"]
    if values is not None:
        values = np.asarray(values, dtype=np.float64)
    compare_probe(estimator, probe["method"], values, n_parts)
