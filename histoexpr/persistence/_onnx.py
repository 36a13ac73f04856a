"""Networks in the ONNX format, for programs that have neither histoexpr nor torch."""

import json

import numpy as np
from sklearn.base import BaseEstimator, is_classifier, is_regressor
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from ..utils import atomic_path, check_path, describe, require
from ._model_info import check_data
from ._model_info import describe as describe_estimator
from ._onnx_graph import IR_VERSION, OPSET, Graph, build_graph, can_build

_REMEDY = (
    "ONNX files are made of the CNN, MLP and linear classifiers and regressors; keep others "
    "with save_model."
)


def to_onnx(estimator, path, *, data=None, overwrite=False):
    """Write a fitted network as an ONNX file, for runtimes without histoexpr and torch.

    Needs the extra ``onnx``.

    Parameters
    ----------
    estimator : HistoneCNNClassifier, HistoneMLPClassifier, HistoneLinearClassifier or a \
regressor of the same networks
        A fitted estimator.
    path : str or path-like
        The file; by custom its name ends in ``.onnx``.
    data : HistoneDataset, optional
        What it was fitted with: cells, counting rules and depths are then stated in the file.
    overwrite : bool, default=False
        Whether to replace a file that exists.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        If there is no ONNX form of the estimator, with what to do instead.
    sklearn.exceptions.NotFittedError
        If it is not fitted.
    FileExistsError
        If the file exists.
    MissingExtraError
        If onnx is not installed.

    See Also
    --------
    save_model : A file that :func:`load_model` reads, of any estimator.

    Notes
    -----
    The input ``X`` is float32 (n, n_bins, n_marks), raw signals as ``fit`` takes them, with any
    number of samples; logarithms and scales are part of the graph. ``X`` has no names: marks must
    come in the order of the property ``marks``. The output of classifiers is ``probabilities``,
    float32 (n, n_classes), in the order of the property ``classes``; that of regressors is
    ``prediction``, float32 (n,), usually log2(RPKM + 1). Properties of the model, each JSON text,
    are ``marks``, ``bin_size``, ``window``, ``oriented``, ``classes``, ``target``, ``estimator``
    and ``training`` (cells, counting rules and depths). Missing values are not refused.

    The linear networks compute in float64, the others in float32. For 14,578 genes of a real cell
    predictions in onnxruntime differed from those of histoexpr by less than 1e-6, at most.

    Examples
    --------
    >>> import tempfile
    >>> from histoexpr import HistoneLinearClassifier, make_histone_cells, to_onnx
    >>> data = make_histone_cells(n_cells=1, n_genes=50, random_state=0)
    >>> model = HistoneLinearClassifier(n_regions=10).fit(data)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     to_onnx(model, f"{folder}/model.onnx").name
    'model.onnx'
    """
    path = check_path(path)
    data = check_data(data)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder. Give the name of a file, such as one in it.")
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} exists. Choose another name, or replace it with overwrite=True."
        )
    module = _find_network(estimator)
    onnx = require("onnx", "Writing ONNX")
    model = _make_model(onnx, estimator, module)
    for name, value in _properties(estimator, data).items():
        model.metadata_props.add(key=name, value=json.dumps(value, ensure_ascii=False))
    onnx.checker.check_model(model, full_check=True)
    with atomic_path(path) as temporary:
        temporary.write_bytes(model.SerializeToString())
    return path


def _find_network(estimator):
    """Return the network of an estimator that has a form in ONNX; refuse others by name."""
    if not isinstance(estimator, BaseEstimator):
        raise ValueError(f"{describe(estimator)} is no fitted estimator. {_REMEDY}")
    name = type(estimator).__name__
    has_network = hasattr(type(estimator), "_network_identity")
    if not has_network or not (is_classifier(estimator) or is_regressor(estimator)):
        raise ValueError(f"{name} has no form in ONNX. {_REMEDY}")
    try:
        check_is_fitted(estimator)
    except NotFittedError as error:
        raise NotFittedError(f"This {name} is not fitted yet. Call fit before to_onnx.") from error
    module = estimator.net_.module_
    if not can_build(module):
        raise ValueError(
            f"{name} holds a network that is not histoexpr's own: use "
            f"torch.onnx.export(model.net_.module_, ...). {_REMEDY}"
        )
    return module


def _make_model(onnx, estimator, module):
    """Return the model of ONNX, from X to probabilities or predictions."""
    helper = onnx.helper
    linear = hasattr(module, "linear")
    weights = {name: value.detach().cpu().numpy() for name, value in module.state_dict().items()}
    shape = estimator.n_bins_in_, estimator.n_marks_in_
    graph = Graph(helper, np.float64 if linear else np.float32)
    out = build_graph(graph, module, weights, shape[0])
    if is_classifier(estimator):
        name, size = "probabilities", ["n", len(estimator.classes_)]
        out = graph.add("Softmax", out, axis=1)
    else:
        name, size = "prediction", ["n"]
        out = graph.add("Mul", out, np.float64(estimator.target_scale_))
        out = graph.add("Add", out, np.float64(estimator.target_mean_))
        out = graph.add("Squeeze", out, np.array([1]))
    graph.add("Cast", out, to=onnx.TensorProto.FLOAT)
    graph.name_last(name)
    kind = onnx.TensorProto.FLOAT
    arrays = [onnx.numpy_helper.from_array(value, key) for key, value in graph.arrays]
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            type(estimator).__name__,
            [helper.make_tensor_value_info("X", kind, ["n", *shape])],
            [helper.make_tensor_value_info(name, kind, size)],
            arrays,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="histoexpr",
    )


def _properties(estimator, data):
    """Return what the file says of the model, by name; None where it is not known."""
    about = describe_estimator(estimator, data, None, None)
    names = ("histoexpr", "kind", "estimator", "classes", "target", "training", "intended_use")
    return {name: about[name] for name in names} | about["signals"]
