"""Writing a fitted estimator to a file."""

import numpy as np
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from ..utils import check_path
from ._archive import Archive, write_archive
from ._encode import Encoder
from ._load_model import make_again
from ._model_info import check_data, describe
from ._our_codecs import hash_values
from ._probe import run_probe


def save_model(
    estimator, path, *, data=None, scores=None, info=None, embed_reference=True, overwrite=False
):
    """Keep a fitted estimator in a file that others can open safely.

    The file is a zip of JSON and safetensors: parameters, learned arrays to the last bit, and
    what the model is and was trained on. No pickle is in it, and reading it runs none of its
    content.

    Parameters
    ----------
    estimator : estimator
        A fitted classifier, regressor, transformer or generator of histoexpr, or a Pipeline of
        them with scikit-learn's StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler,
        FunctionTransformer (of common functions of NumPy), LogisticRegression,
        LinearRegression, Ridge, Lasso, ElasticNet, MLPClassifier, MLPRegressor and
        HistGradientBoosting*.
    path : str or path-like
        The file; by custom its name ends in ``.histoexpr``.
    data : HistoneDataset, optional
        What it was fitted with. Cells, counting rules, depth by cell and mark, and the SHA-256 of
        the data are written to the file; predictions for tracks count reads by these rules.
    scores : list of dict or DataFrame, optional
        Scores on held-out genes, a row each; names and values as they are to be shown.
    info : dict, optional
        Texts: ``title``, ``description``, ``licence``, ``intended_use``, ``authors``,
        ``citation``; and ``target``, ``"labels"`` or ``"expression"``.
    embed_reference : bool, default=True
        Whether the file holds the expression of the reference cells of a ReferenceClassifier or
        ReferenceRegressor (9 MB for 20,000 genes in 56 cells). Otherwise it names them by a hash,
        and :func:`load_model` is to be given the table.
    overwrite : bool, default=False
        Whether to replace a file that exists.

    Returns
    -------
    path : Path
        The file.

    Raises
    ------
    ValueError
        If a part of the estimator cannot be kept safely, with the name of the step or parameter.
    sklearn.exceptions.NotFittedError
        If it is not fitted.
    FileExistsError
        If the file exists.

    See Also
    --------
    load_model : The reverse.
    model_card : What the file says of the model, as Markdown.

    Examples
    --------
    >>> import tempfile
    >>> from histoexpr import HistoneLinearClassifier, load_model, make_histone_cells, save_model
    >>> data = make_histone_cells(n_cells=1, n_genes=50, random_state=0)
    >>> model = HistoneLinearClassifier(n_regions=10).fit(data)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_model(model, f"{folder}/m.histoexpr", data=data)
    ...     same = load_model(path)
    >>> bool((same.predict_proba(data) == model.predict_proba(data)).all())
    True
    """
    path = check_path(path)
    data = check_data(data)
    _check_target(path, overwrite)
    _check_fitted(estimator)
    encoder = Encoder(embed_reference=embed_reference)
    tree = encoder.encode(estimator, type(estimator).__name__)
    about = describe(estimator, data, scores, info)
    about["reference"] = _reference(estimator, embed_reference)
    about["probe"] = _probe(estimator)
    _check_readable(about, tree, encoder.arrays, estimator)
    _check_target(path, overwrite)
    write_archive(path, about, tree, encoder.arrays)
    return path


def _check_target(path, overwrite):
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder. Give the name of a file, such as one in it.")
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} exists. Choose another name, or replace it with overwrite=True."
        )


def _check_fitted(estimator):
    if isinstance(estimator, type) or not hasattr(estimator, "get_params"):
        raise ValueError(
            f"{estimator!r} is no estimator. Pass a fitted one, such as a HistoneCNNClassifier."
        )
    try:
        check_is_fitted(estimator)
    except NotFittedError as error:
        raise NotFittedError(
            f"This {type(estimator).__name__} is not fitted yet. Call fit before save_model."
        ) from error


def _check_readable(about, tree, arrays, estimator):
    """Raise ValueError if the file would be refused when it is read."""
    try:
        make_again(Archive(about, tree, arrays), getattr(estimator, "reference", None))
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        fault = str(error).replace("estimator", type(estimator).__name__, 1)
        raise ValueError(
            f"This model cannot be kept: {fault}. Was it changed after fit? Fit it again, or use "
            "joblib.dump for it, and tell who opens it that this runs code."
        ) from error


def _reference(estimator, embedded):
    """Return what is said of the reference cells of a model, None of one without any."""
    table = getattr(estimator, "_table", None)
    if table is None:
        return None
    return {
        "cells": table.cells.tolist(),
        "n_genes": len(table.genes),
        "sha256": hash_values(table.log2),
        "in_file": bool(embedded),
    }


def _probe(estimator):
    try:
        method, values = run_probe(estimator)
    except (ValueError, TypeError, AttributeError, IndexError, ArithmeticError):
        return None  # it takes data sets only, or needs names
    if values is None:
        return {"method": method, "values": None}
    return {"method": method, "values": np.asarray(values).tolist()}
