"""CellNormalizer: equal cells come out equal, what a cell's statistics are taken from, routing."""

import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    CellNormalizer,
    CrossCellSplit,
    HistoneDataset,
    HistoneLinearClassifier,
    make_histone_cells,
)
from histoexpr.exceptions import HistoexprWarning

rng = np.random.default_rng(0)
N = 150
COUNTS = rng.negative_binomial(0.8, [0.5, 0.1, 0.02], size=(N, 20, 3)).astype(np.uint16)
METHODS = [
    (method, level) for method in ("quantile", "depth", "power") for level in ("region", "bin")
]
BOTH = np.repeat(["a", "b"], N)


def normalizer(method="quantile", level="region", **params):
    return CellNormalizer(method, level=level, **{"n_regions": 4, **params})


@pytest.fixture(scope="module")
def data():
    """Three simulated cells, each as deep as it is."""
    return make_histone_cells(n_cells=3, n_genes=200, random_state=0)


@pytest.mark.parametrize(("method", "level"), METHODS)
@pytest.mark.parametrize("dtype", [np.uint16, np.float32, np.float64])
def test_proportional_cells_come_out_equal(method, level, dtype):
    X = np.concatenate([COUNTS, COUNTS * np.array([3, 1, 7], dtype=np.uint16)]).astype(dtype)
    Z = normalizer(method, level).fit(X[:N], cell=BOTH[:N]).transform(X, cell=BOTH)
    assert Z.dtype == (np.float64 if dtype == np.float64 else np.float32)
    assert np.array_equal(Z[:N], COUNTS)  # one training cell: as it is
    np.testing.assert_allclose(Z[N:], COUNTS, rtol=1e-5)
    # of two training cells both come out the same, between them
    Z = normalizer(method, level).fit_transform(X, cell=BOTH)
    np.testing.assert_allclose(Z[N:], Z[:N], rtol=1e-4, atol=1e-6)
    middle = COUNTS * np.array([2, 1, 4])
    tolerance = 0.02 if method == "power" else 1e-4
    np.testing.assert_allclose(Z[:N], middle, rtol=tolerance, atol=1e-6)


@pytest.mark.parametrize(("method", "level"), METHODS)
def test_distributions_are_equal_afterwards(method, level):
    other = rng.negative_binomial(2, [0.3, 0.2, 0.01], size=COUNTS.shape)
    X = np.concatenate([COUNTS, other])
    Z = normalizer(method, level, n_regions=1).fit_transform(X, cell=BOTH)
    sums = Z.sum(axis=1) if level == "region" else Z.reshape(-1, 3)
    first, second = np.split(sums, 2)
    pairs = np.sort(first, axis=0), np.sort(second, axis=0)
    if method == "quantile":
        # below, one of the cells has zeros, which stay
        for share in (0.6, 0.7, 0.8, 0.9):
            quantiles = [np.quantile(values, share, axis=0) for values in pairs]
            np.testing.assert_allclose(*quantiles, rtol=0.1, atol=1)
    parts = {"quantile": [], "depth": [slice(None)]}.get(method)
    if parts is None:
        cut = int(0.8 * len(first))
        parts = slice(0, cut), slice(cut, None)
    for part in parts:
        means = [values[part].mean(axis=0, dtype=float) for values in pairs]
        np.testing.assert_allclose(*means, rtol=0.02 if method == "power" else 1e-6)


@pytest.mark.parametrize(("method", "level"), METHODS)
def test_zeros_order_and_ties(method, level):
    deeper = rng.negative_binomial(1, [0.3, 0.2, 0.01], size=COUNTS.shape)
    model = normalizer(method, level, n_regions=1).fit(deeper, cell=["b"] * N)
    Z = model.transform(COUNTS, cell=["a"] * N)
    assert np.array_equal(Z == 0, COUNTS == 0)
    before = COUNTS.sum(axis=1) if level == "region" else COUNTS.reshape(-1, 3)
    after = Z.sum(axis=1) if level == "region" else Z.reshape(-1, 3)
    for mark in range(3):
        order = np.argsort(before[:, mark], kind="stable")
        x, z = before[order, mark], after[order, mark]
        assert np.all(np.diff(z)[np.diff(x) > 0] > 0)
        np.testing.assert_allclose(np.diff(z)[np.diff(x) == 0], 0, atol=1e-3)


def test_regions_are_matched_by_themselves():
    slope = np.repeat([1, 5], 10)[:, None]  # the second half is five times as deep in cell b
    X = np.concatenate([COUNTS, COUNTS * slope])
    halves = normalizer("depth", n_regions=2).fit(X[:N], cell=BOTH[:N])
    np.testing.assert_allclose(halves.transform(X, cell=BOTH)[N:], COUNTS, rtol=1e-5)
    whole = normalizer("depth", n_regions=1).fit(X[:N], cell=BOTH[:N])
    assert np.abs(whole.transform(X, cell=BOTH)[N:] / np.maximum(COUNTS, 1) - 1).max() > 0.5
    many = normalizer("depth", n_regions=1000).fit(X[:N], cell=BOTH[:N])  # as many as bins
    np.testing.assert_allclose(many.transform(X, cell=BOTH)[N:], COUNTS, rtol=1e-5)


def test_a_reference_cell_stays_as_it_is():
    X = np.concatenate([COUNTS, COUNTS * 3])
    Z = normalizer(reference="b").fit_transform(X, cell=BOTH)
    assert np.array_equal(Z[N:], X[N:])
    np.testing.assert_allclose(Z[:N], X[N:], rtol=1e-5)
    with pytest.raises(ValueError, match="reference='c' is no training cell; there are a, b"):
        normalizer(reference="c").fit(X, cell=BOTH)


@pytest.mark.parametrize(("method", "level"), METHODS)
def test_training_cells_have_the_distributions_of_fit(method, level):
    X = np.concatenate([COUNTS, COUNTS[::-1] ** 2 % 97])
    model = normalizer(method, level).fit(X, cell=BOTH)
    Z = model.transform(X, cell=BOTH)
    rows = rng.permutation(2 * N)[:7]
    assert np.array_equal(model.transform(X[rows], cell=BOTH[rows]), Z[rows])
    # what else is transformed with them changes nothing
    with_new = model.transform(np.concatenate([X, X]), cell=[*BOTH, *["new"] * 2 * N])
    assert np.array_equal(with_new[: 2 * N], Z)


@pytest.mark.parametrize(("method", "level"), METHODS)
def test_new_cells_in_one_call_or_learned_before(method, level):
    model = normalizer(method, level).fit(COUNTS, cell=["a"] * N)
    new = COUNTS[::-1] * 3 + (COUNTS > 5)
    others = np.concatenate([new, new * 2]), np.repeat(["b", "c"], N)
    Z = model.transform(others[0], cell=others[1])
    np.testing.assert_array_equal(model.transform(new, cell=["b"] * N), Z[:N])
    with pytest.raises(ValueError, match=r"1 sample.s. of the new cell 'b' do not show"):
        model.transform(new[:1], cell=["b"])

    assert model.learn_cells(*others) is model
    assert model.cells_.tolist() == ["a"]
    assert model.new_cells_.tolist() == ["b", "c"]
    order = rng.permutation(2 * N)
    shuffled = model.transform(others[0][order], cell=others[1][order])
    assert np.array_equal(shuffled, Z[order])
    for row in (0, N + 3):
        one = model.transform(others[0][row : row + 1], cell=others[1][row : row + 1])
        assert np.array_equal(one[0], Z[row])
    # training cells are not learned anew
    before = model.transform(COUNTS[:4], cell=["a"] * 4)
    model.learn_cells(COUNTS * 9, cell=["a"] * N)
    assert np.array_equal(model.transform(COUNTS[:4], cell=["a"] * 4), before)
    assert model.fit(COUNTS, cell=["a"] * N).new_cells_.tolist() == []


def test_too_few_samples_of_a_new_cell():
    model = normalizer().fit(COUNTS, cell=["a"] * N)
    with pytest.warns(HistoexprWarning, match="new cell 'b' is taken from 50 samples only"):
        model.transform(COUNTS[:50], cell=["b"] * 50)
    with pytest.warns(HistoexprWarning, match="50 samples only"):
        model.learn_cells(COUNTS[:50], cell=["b"] * 50)
    with pytest.raises(ValueError, match=r"9 sample.s. of the new cell 'c'.*learn_cells"):
        model.learn_cells(COUNTS[:9], cell=["c"] * 9)


@pytest.mark.parametrize(("method", "level"), METHODS)
def test_marks_without_signal(method, level):
    silent = COUNTS.copy()
    silent[:, :, 1] = 0
    X = np.concatenate([COUNTS, silent])
    with pytest.warns(HistoexprWarning, match="No signal at all of mark2 in b; left at 0"):
        model = normalizer(method, level).fit(X, cell=BOTH)
    Z = model.transform(X, cell=BOTH)
    assert not Z[N:, :, 1].any()
    np.testing.assert_allclose(Z[:N, :, 1], COUNTS[:, :, 1], rtol=1e-5)  # b is no reference of it
    with pytest.warns(HistoexprWarning, match="No signal at all of mark2 in new"):
        model.transform(silent, cell=["new"] * N)
    with pytest.warns(HistoexprWarning, match="No signal at all of mark2 in b"):
        model = normalizer(method, level).fit(silent, cell=["b"] * N)
    Z = model.transform(COUNTS, cell=["a"] * N)
    np.testing.assert_array_equal(Z[:, :, 1], COUNTS[:, :, 1])  # nothing to match it with


def test_signals_without_cells_keep_their_values():
    model = CellNormalizer().fit(COUNTS)
    assert np.array_equal(model.transform(COUNTS[:3] * 2), COUNTS[:3] * 2)
    assert model.cells_.tolist() == [""]
    with pytest.raises(ValueError, match="cell is missing: name the new cell"):
        model.learn_cells(COUNTS)
    named = model.transform(COUNTS * 2, cell=["b"] * N)
    np.testing.assert_allclose(named, COUNTS, rtol=1e-5)
    with pytest.raises(ValueError, match=r"was fitted with the cells a, b.*set_transform_request"):
        model.fit(np.concatenate([COUNTS] * 2), cell=BOTH).transform(COUNTS)


@pytest.mark.parametrize(
    ("X", "cell", "params", "message"),
    [
        (COUNTS - 1.0, None, {}, "Negative values in data passed to CellNormalizer"),
        (np.full(COUNTS.shape, np.nan), None, {}, "X contains NaN"),
        (COUNTS, ["a"] * 3, {}, f"groups has 3 rows, but X has {N} samples"),
        (COUNTS, [None] * N, {}, "lacks the cell of"),
        (COUNTS, np.ma.masked_equal(np.ones(N), 1), {}, "cell is a masked array"),
        (COUNTS, None, {"method": "mean"}, "The 'method' parameter of CellNormalizer"),
        (COUNTS, None, {"level": "gene"}, "The 'level' parameter"),
        (COUNTS, None, {"n_regions": 0}, "The 'n_regions' parameter"),
    ],
)
def test_refuses(X, cell, params, message):
    with pytest.raises(ValueError, match=message):
        CellNormalizer(**params).fit(X, cell=cell)


def test_data_sets_bring_their_cells_and_marks(data):
    train, new = data.select(cells=data.cells[:2]), data.select(cells=data.cells[2])
    model = CellNormalizer().fit(train)
    Z = model.transform(new)
    assert isinstance(Z, HistoneDataset)
    assert (Z.cell.tolist(), Z.marks) == (new.cell.tolist(), new.marks)
    turned = new.select(marks=data.marks[::-1])
    assert np.array_equal(model.transform(turned).X, Z.X)
    by_array = CellNormalizer().fit(train.X, cell=train.cell)
    assert np.array_equal(by_array.transform(new.X, cell=new.cell), Z.X)
    model = model.set_output(transform="pandas")
    frame = model.transform(new)
    assert frame.shape == (200, new.n_bins * new.n_marks)
    np.testing.assert_array_equal(frame.to_numpy(), Z.X.reshape(200, -1))


@pytest.mark.parametrize(("method", "level"), METHODS)
def test_copies_and_memory_maps(method, level, tmp_path):
    X = np.concatenate([COUNTS, COUNTS * 3])
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    model = normalizer(method, level).fit(mapped, cell=BOTH)
    Z = model.transform(mapped, cell=BOTH)
    assert np.array_equal(Z, normalizer(method, level).fit_transform(X, cell=BOTH))
    copy = pickle.loads(pickle.dumps(model))
    assert np.array_equal(copy.transform(X, cell=BOTH), Z)
    assert clone(model).get_params() == model.get_params()
    assert len(pickle.dumps(model)) < 1_000_000


def test_fit_of_training_genes_sees_no_others(data):
    """In cross-validation over genes, no test gene reaches a training cell's statistics."""
    model = make_pipeline(CellNormalizer(), HistoneLinearClassifier())
    splitter = CrossCellSplit("inclusive", n_splits=2)
    train, test = next(iter(splitter.split(data, data.y)))
    before = clone(model).fit(data[train]).predict_proba(data[train])
    X = data.X.copy()
    X[test] = X[test] * 7
    changed = data.replace(X=X)
    after = clone(model).fit(changed[train]).predict_proba(changed[train])
    assert np.array_equal(before, after)


def test_search_over_methods_with_data_sets(data):
    model = make_pipeline(CellNormalizer(), HistoneLinearClassifier())
    search = GridSearchCV(
        model,
        {"cellnormalizer__method": ["quantile", "depth"]},
        cv=CrossCellSplit("exclusive", n_splits=2),
        scoring="roc_auc",
    ).fit(data, data.y)
    assert np.all(search.cv_results_["mean_test_score"] > 0.8)
    scores = search.cv_results_["mean_test_score"]
    assert scores[0] != scores[1]


def test_routed_cells_do_what_a_data_set_does(data):
    train, new = data.select(cells=data.cells[:2]), data.select(cells=data.cells[2])
    steps = BinPooler("sum"), LogisticRegression(max_iter=1000)
    expected = make_pipeline(CellNormalizer(), *steps).fit(train, train.y).predict_proba(new)
    with sklearn.config_context(enable_metadata_routing=True):
        routed = CellNormalizer().set_fit_request(cell=True).set_transform_request(cell=True)
        model = make_pipeline(routed, *steps).fit(train.X, train.y, cell=train.cell)
        found = model.predict_proba(new.X, cell=new.cell)
        assert np.array_equal(found, expected)
        with pytest.raises(ValueError, match="cell is missing"):
            model.predict_proba(new.X)


def test_real_cells_of_other_depth_are_ordered_better(shared_data):
    """The genes that two cells differ in are ordered right more often than with raw signals."""
    cells = {}
    for name in ("E012", "E013"):
        with np.load(shared_data / "full" / f"{name}.npz") as file:
            rows = np.flatnonzero(np.isin(file["chrom"], ["chr1", "chr2", "chr3", "chr4"]))
            held_out = np.isin(file["chrom"][rows], ["chr1"])
            cells[name] = file["X"][rows], file["y"][rows].astype(int)
    (first, y), (second, other) = cells["E012"], cells["E013"]
    switched = held_out & (y != other)
    right = {}
    for method in (None, "quantile"):
        steps = [] if method is None else [CellNormalizer(method)]
        model = make_pipeline(*steps, HistoneLinearClassifier(n_regions=10))
        with sklearn.config_context(enable_metadata_routing=True):
            extra = {} if method is None else {"cell": ["E012"] * np.count_nonzero(~held_out)}
            for step in steps:
                step.set_fit_request(cell=True).set_transform_request(cell=True)
            model.fit(first[~held_out], y[~held_out], **extra)
            scores = []
            for name, X in (("E012", first), ("E013", second)):
                cell = {} if method is None else {"cell": [name] * np.count_nonzero(held_out)}
                scores.append(model.decision_function(X[held_out], **cell))
        difference = (scores[1] - scores[0])[switched[held_out]]
        right[method] = np.mean((difference > 0) == (other[switched] == 1))
    assert right["quantile"] > right[None] + 0.05
