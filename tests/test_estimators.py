"""One table of all public estimators drives the checks that they share."""

import ast
import inspect
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

import histoexpr
from histoexpr import (
    BinPooler,
    CellNormalizer,
    CellPriorClassifier,
    CellPriorRegressor,
    Flattener,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    HistoneNetClassifier,
    HistoneNetRegressor,
    MarkSelector,
    MarkSubsetClassifier,
    MarkSubsetRegressor,
    PairClassifier,
    PairPooler,
    PairRegressor,
    ReferenceClassifier,
    ReferenceRegressor,
    SignalGenerator,
    SignalScaler,
    WindowSelector,
)
from histoexpr.classification import CLASSIFIERS
from histoexpr.regression import REGRESSORS

WEIGHTS = {
    "check_sample_weight_equivalence_on_dense_data": (
        "a repeated sample falls into other batches than a weighted one, and dropout and "
        "the order of batches are drawn for another number of samples; scikit-learn lists "
        "the same exception for its SGDClassifier"
    )
}
BOOSTING = {
    "check_sample_weight_equivalence_on_dense_data": (
        "boosting bins the values of all samples, whatever their weight, and the networks draw "
        "batches of samples; scikit-learn lists the same exceptions for its own"
    )
}
# Genes that no array has: the signals are left
REFERENCE = pd.DataFrame({"E003": [0.0, 5.0, 1.0], "E004": [2.0, 4.0, 0.0]}, index=list("abc"))
# Further settings of the classifiers, small and fast where their defaults are slow
SETTINGS = {
    "cnn": [{}, {"pooling": "max", "stride": 2, "hidden_sizes": (64,), "max_epochs": 15}],
    "mlp": [{"hidden_sizes": (64, 32), "lr": 1e-3}],
    "linear": [{"solver": "sgd"}, {}, {"solver": "lbfgs", "pooling": "max"}],
    "cnn-regressor": [{}, {"loss": "huber", "hidden_sizes": (64,), "max_epochs": 15}],
    "mlp-regressor": [{"hidden_sizes": (64, 32), "lr": 1e-3}],
    "linear-regressor": [{"solver": "sgd"}, {}],
}


def weights_differ(estimator):
    return getattr(estimator, "solver", "sgd") == "sgd"


# Estimator -> checks that may fail, and why
ESTIMATORS = [
    (estimator, WEIGHTS if weights_differ(estimator) else {})
    for name, cls in {**CLASSIFIERS, **REGRESSORS}.items()
    for estimator in (cls(**settings) for settings in SETTINGS.get(name, [{}]))
]
ESTIMATORS += [
    pytest.param(CLASSIFIERS["mlp"](), WEIGHTS, marks=pytest.mark.slow),  # a minute
    (CellPriorClassifier(), {}),
    (CellPriorRegressor(), {}),
    (CellPriorClassifier(HistoneLinearClassifier(), method="shift"), {}),
    (HistoneNetClassifier(), WEIGHTS),
    (HistoneNetRegressor(), WEIGHTS),
    (SignalGenerator(n_steps=2, width=4, latent_dim=4, encoder_steps=2, batch_size=8), {}),
    *(
        (CellNormalizer(method, level=level), {})
        for method in ("quantile", "depth", "power")
        for level in ("region", "bin")
    ),
    (MarkSubsetClassifier(), {}),
    (MarkSubsetRegressor(), {}),
    (ReferenceClassifier(), {}),
    (ReferenceClassifier(reference=REFERENCE), {}),
    (ReferenceRegressor(), {}),
    (ReferenceRegressor(reference=REFERENCE), {}),
    *((cls(), {}) for cls in (SignalScaler, BinPooler, MarkSelector, WindowSelector, Flattener)),
    *(
        pytest.param(cls(), BOOSTING, marks=pytest.mark.slow)  # a minute each
        for cls in (PairClassifier, PairRegressor)
    ),
    (PairClassifier(HistoneLinearClassifier()), {}),
    (PairRegressor(HistoneLinearRegressor()), {}),
    (PairPooler(n_regions=2), {}),
]
# Array API input is only tested with an environment variable of scipy's
SKIPPED = {"check_array_api_input"}


CLASSES = sorted(
    {type(row.values[0] if hasattr(row, "values") else row[0]) for row in ESTIMATORS},
    key=lambda cls: cls.__name__,
)


def named_parameters(cls):
    """Return the defaults of the parameters that a class names."""
    parameters = inspect.signature(cls).parameters
    return {n: p.default for n, p in parameters.items() if p.kind is not p.VAR_KEYWORD}


def ids(value):
    return repr(value) if hasattr(value, "get_params") else ""


@pytest.mark.filterwarnings("ignore:Predictions rest on signals alone")
@pytest.mark.parametrize(("estimator", "exceptions"), ESTIMATORS, ids=ids)
def test_check_estimator(estimator, exceptions):
    results = check_estimator(estimator, expected_failed_checks=exceptions, on_skip=None)
    status = {result["check_name"]: result["status"] for result in results}
    assert len(status) > 40
    skipped = {name for name, value in status.items() if value == "skipped"}
    assert skipped <= SKIPPED
    failed = {name for name, value in status.items() if value == "xfail"}
    # an exception that no longer fails does not belong into the list
    assert failed == set(exceptions)


def test_the_table_is_complete():
    public = {
        name
        for name in histoexpr.__all__
        if inspect.isclass(getattr(histoexpr, name))
        and hasattr(getattr(histoexpr, name), "get_params")
    }
    in_registry = {cls.__name__ for cls in [*CLASSIFIERS.values(), *REGRESSORS.values()]}
    assert public | in_registry == {cls.__name__ for cls in CLASSES}


@pytest.mark.parametrize("cls", CLASSES)
def test_docstrings_list_the_parameters_with_their_own_defaults(cls):
    section = inspect.getdoc(cls).split("Parameters\n----------\n")[1].split("\n\n")[0]
    heads = [line for line in section.splitlines() if not line.startswith((" ", "**"))]
    documented = [re.fullmatch(r"(\w+) : .*default=(.+)", line) for line in heads]
    assert None not in documented, heads
    found = {match[1]: ast.literal_eval(match[2]) for match in documented}
    assert list(found.items()) == list(named_parameters(cls).items())


@pytest.mark.parametrize("cls", CLASSES)
def test_every_parameter_has_a_constraint(cls):
    assert set(cls._parameter_constraints) == set(named_parameters(cls))


@pytest.mark.filterwarnings("ignore:X has three axes and no names of marks")  # models of pairs
@pytest.mark.filterwarnings("ignore:Predictions rest on signals alone")
@pytest.mark.parametrize(("estimator", "exceptions"), ESTIMATORS, ids=ids)
def test_three_axes_and_memory_maps_are_not_changed(estimator, exceptions, tmp_path):
    rng = np.random.default_rng(0)
    X = rng.poisson(2.0, (12, 20, 3)).astype(np.uint16)
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    params = {"max_epochs": 1} if "max_epochs" in estimator.get_params() else {}
    fitted = clone(estimator).set_params(**params).fit(mapped, [0, 1] * 6)
    method = next(getattr(fitted, n) for n in ("predict", "transform") if hasattr(fitted, n))
    assert len(method(mapped)) == 12
    np.testing.assert_array_equal(mapped, X)
    assert (fitted.n_bins_in_, fitted.n_marks_in_) == (20, 3)
