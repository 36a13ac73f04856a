"""Contributions of marks and bins to the prediction for a gene."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    CellNormalizer,
    Flattener,
    HistoneCNNClassifier,
    HistoneCNNRegressor,
    HistoneDataset,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    SignalScaler,
    attribute,
    make_histone_cells,
)
from histoexpr.exceptions import HistoexprWarning
from support.planted import SMALL_CNN, Known

CNN = SMALL_CNN | {"random_state": 0}


@pytest.fixture(scope="module")
def drawn():
    """400 genes; mark 1 of three is high in bins 4 to 7 where the label is 1."""
    rng = np.random.default_rng(0)
    y = np.tile([0, 1], 200)
    mean = np.full((400, 12, 3), 3.0) * rng.gamma(5, 0.2, (400, 1, 3))
    mean[y == 1, 4:8, 1] += 5
    return rng.poisson(mean).astype(float), y


@pytest.fixture(scope="module")
def fitted(drawn):
    X, y = drawn
    models = {
        "linear": HistoneLinearClassifier(n_regions=3),
        "mirrored": HistoneLinearClassifier(n_regions=3, mirror=True),
        "cnn": HistoneCNNClassifier(**CNN),
        "pipeline": make_pipeline(SignalScaler(), HistoneCNNClassifier(**CNN, log1p=False)),
        "boosting": make_pipeline(Flattener(), HistGradientBoostingClassifier(max_iter=20)),
    }
    return {name: model.fit(X, y) for name, model in models.items()}


def regions(values, n_regions):
    n, n_bins, n_marks = values.shape
    return values.reshape(n, n_regions, n_bins // n_regions, n_marks).sum(axis=2)


def test_linear_models_are_divided_exactly(fitted, drawn):
    X, model = drawn[0], fitted["linear"]
    found = attribute(model, X[:7], reference=X)
    assert found.method == "exact"
    assert found.target == 1
    np.testing.assert_allclose(found.output, model.decision_function(X[:7]))
    np.testing.assert_allclose(found.gap, 0, atol=1e-5)
    # by hand: w (f(x) - f(b)) / scale of the logarithm of sums of regions
    net = model.net_.module_.input
    unit, scale = net.unit.numpy(), net.scale.numpy()
    sums = regions(np.concatenate([X[:7], found.baseline[None]]), 3)
    logs = np.log1p(sums / unit) / scale
    expected = model.coef_ * (logs[:7] - logs[7])
    np.testing.assert_allclose(regions(found.values, 3), expected, atol=1e-4)
    # within a region in proportion to the change
    change = X[0, :4, 0] - found.baseline[:4, 0]
    np.testing.assert_allclose(
        found.values[0, :4, 0], expected[0, 0, 0] * change / change.sum(), atol=1e-4
    )


@pytest.mark.parametrize("name", ["linear", "mirrored"])
def test_integrated_gradients_agree_with_the_exact_answer(name, fitted, drawn):
    X, model = drawn[0], fitted[name]
    exact = attribute(model, X[:20], reference=X, method="exact")
    # a tight one: the mirrored model has kinks
    params = {"method": "integrated_gradients", "tolerance": 1e-4}
    found = attribute(model, X[:20], reference=X, **params)
    parts = [regions(one.values, 3) for one in (exact, found)]
    if name == "mirrored":  # its terms are of two sides
        parts = [part + part[:, ::-1] for part in parts]
    np.testing.assert_allclose(*parts, atol=5e-3)
    np.testing.assert_allclose(found.output, exact.output, rtol=1e-4)


@pytest.mark.parametrize("name", ["cnn", "pipeline"])
def test_integrated_gradients_are_complete(name, fitted, drawn):
    X, model = drawn[0], fitted[name]
    found = attribute(model, X[:20], reference=X)
    assert found.method == "integrated_gradients"
    expected = model.decision_function(X[:20])
    np.testing.assert_allclose(found.output, expected, rtol=1e-3, atol=1e-4)
    difference = np.abs(found.output - found.baseline_output)
    allowed = np.maximum(0.01 * difference, 1e-4 * np.abs(found.values).sum(axis=(1, 2)))
    assert (np.abs(found.gap) <= allowed).all()


@pytest.mark.parametrize("name", ["linear", "cnn", "boosting"])
def test_the_planted_motif_is_found(name, fitted, drawn):
    X, y = drawn
    found = attribute(fitted[name], X[y == 1][:20], reference=X, width=2)
    average = np.abs(found.values.mean(axis=0))
    assert average.sum(axis=0).argmax() == 1  # the mark
    inside = average[4:8, 1].sum()
    assert inside > 0.75 * average.sum()
    assert found.values.mean(axis=0)[4:8, 1].min() > 0


def test_occlusion_takes_any_classifier_and_says_its_gap(fitted, drawn):
    X, model = drawn[0], fitted["boosting"]
    found = attribute(model, X[:5], reference=X, width=4)
    assert found.method == "occlusion"
    np.testing.assert_allclose(found.output, model.decision_function(X[:5]))
    np.testing.assert_allclose(found.values[:, :4], found.values[:, :1].repeat(4, axis=1))
    summed = found.values.sum(axis=(1, 2)) - (found.output - found.baseline_output)
    np.testing.assert_allclose(found.gap, summed)
    assert np.abs(found.gap).max() > 1e-3
    # where patches only add, there is none
    known = attribute(Known(), X[:5], reference=X, width=4)
    np.testing.assert_allclose(known.gap, 0, atol=1e-6)
    np.testing.assert_allclose(
        known.values[:, :, 0].sum(axis=1),
        2 * (X[:5, :, 0].mean(axis=1) - known.baseline[:, 0].mean()),
        atol=1e-6,
    )
    assert (known.values[:, :, 2] == 0).all()


def test_genes_do_not_depend_on_others(fitted, drawn):
    X = drawn[0]
    for name in ("linear", "cnn", "boosting"):
        together = attribute(fitted[name], X[:9], reference=X)
        alone = attribute(fitted[name], X[4:5], reference=X)
        np.testing.assert_array_equal(together.values[4], alone.values[0])
        again = attribute(fitted[name], X[:9], reference=X)
        np.testing.assert_array_equal(together.values, again.values)


def test_the_other_class_has_the_other_sign(fitted, drawn):
    X = drawn[0]
    for name in ("linear", "boosting"):
        on, off = (attribute(fitted[name], X[:3], reference=X, target=t) for t in (1, 0))
        np.testing.assert_allclose(on.values, -off.values, atol=1e-6)


def similarity(first, second):
    """Median rank correlation of absolute contributions of the same genes."""
    return np.median([
        spearmanr(np.abs(a).ravel(), np.abs(b).ravel()).statistic
        for a, b in zip(first, second, strict=True)
    ])  # fmt: skip


def test_sanity_random_weights_and_labels_destroy_contributions(drawn):
    """The tests of Adebayo et al. (2018): what does not depend on the model says nothing of it."""
    X, y = drawn
    genes = X[y == 1][:30]

    def patches(model):
        # of two bins: single bins are as noisy as their counts, in every model
        return regions(attribute(model, genes, reference=X).values, 6)

    honest = [HistoneCNNClassifier(**SMALL_CNN, random_state=seed).fit(X, y) for seed in (0, 1)]
    first, second = map(patches, honest)
    mark = [np.abs(v).sum(axis=(0, 1)).argmax() for v in (first, second)]
    assert mark == [1, 1]
    shuffled = np.random.default_rng(0).permutation(y)
    of_labels = patches(HistoneCNNClassifier(**SMALL_CNN, random_state=0).fit(X, shuffled))
    untrained = HistoneCNNClassifier(**SMALL_CNN, random_state=0).set_params(max_epochs=1, lr=1e-9)
    of_weights = patches(untrained.fit(X, y))
    agreed = similarity(first, second)
    for values in (of_labels, of_weights):
        assert similarity(first, values) < 0.5 * agreed
        planted = np.abs(values)[:, 2:4, 1].sum() / np.abs(values).sum()
        assert planted < 0.5 < np.abs(first)[:, 2:4, 1].sum() / np.abs(first).sum()


def test_sure_models_are_explained_beyond_their_probabilities(drawn):
    X, y = drawn
    model = HistoneLinearClassifier(n_regions=3, alpha=1e-4).fit(X, y)
    found = attribute(model, 50 * X[1:2], baseline="zero")
    ends = model.decision_function(np.concatenate([50 * X[1:2], 0 * X[:1]]))
    assert np.abs(ends).max() > 14  # where probabilities say one in a million
    np.testing.assert_allclose([found.output[0], found.baseline_output[0]], ends)
    assert found.method == "exact"


def test_regressors_explain_their_prediction(drawn):
    X = drawn[0]
    y = np.log1p(X[:, 4:8, 1].sum(axis=1))
    linear = HistoneLinearRegressor(n_regions=3).fit(X, y)
    cnn = HistoneCNNRegressor(**CNN).fit(X, y)
    pooled = make_pipeline(BinPooler("sum", n_regions=3), HistoneLinearRegressor()).fit(X, y)
    for model, method in (
        (linear, "exact"),
        (cnn, "integrated_gradients"),
        (pooled, "exact"),
    ):
        found = attribute(model, X[:4], reference=X)
        assert found.method == method
        assert found.name == found.unit == "prediction"
        assert found.target is None
        np.testing.assert_allclose(found.output, model.predict(X[:4]), rtol=1e-4)
        difference = found.output - found.baseline_output
        np.testing.assert_allclose(found.values.sum(axis=(1, 2)), difference, rtol=0.01, atol=2e-3)


def test_marks_are_matched_by_name(drawn):
    X, y = drawn
    names = {"cell": np.repeat("a", 400), "gene": np.arange(400).astype(str)}
    data = HistoneDataset(X, y, **names, marks=["K4", "K27", "K9"])
    turned = data.select(marks=["K9", "K4", "K27"])
    for model in (HistoneLinearClassifier(n_regions=3), HistoneCNNClassifier(**CNN)):
        model.fit(data)
        found, other = (attribute(model, one[:3], reference=data) for one in (data, turned))
        assert other.marks == turned.marks
        assert found.gene.tolist() == ["0", "1", "2"]
        np.testing.assert_allclose(found.values[:, :, [2, 0, 1]], other.values, atol=1e-6)


def test_new_cells_are_learned_from_the_reference():
    data = make_histone_cells(n_cells=2, n_genes=110, random_state=0)
    first, second = (data.select(cells=cell) for cell in data.cells)
    model = make_pipeline(CellNormalizer(), HistoneLinearClassifier()).fit(first)
    expected = model.decision_function(second)[:3]
    found = attribute(model, second[:3], reference=second, width=50)
    assert found.method == "occlusion"
    np.testing.assert_allclose(found.output, expected, atol=1e-5)
    assert not model[0].new_cells_.size  # a copy has learned


def test_what_is_not_possible_is_said(fitted, drawn):
    X = drawn[0]
    with pytest.raises(ValueError, match=r"'exact' is for linear models.*Take 'integrated_grad"):
        attribute(fitted["cnn"], X, method="exact")
    with pytest.raises(ValueError, match=r"gradients, which do not pass.*Take 'occlusion'"):
        attribute(fitted["boosting"], X, method="integrated_gradients")
    with pytest.raises(ValueError, match=r"fewer than 20\. Give reference="):
        attribute(fitted["cnn"], X[:3])
    with pytest.raises(ValueError, match="'method' parameter"):
        attribute(fitted["cnn"], X, method="guess")
    with pytest.warns(HistoexprWarning, match="Raise n_steps"):
        attribute(fitted["cnn"], X[:5], reference=X, n_steps=1, tolerance=1e-6)
