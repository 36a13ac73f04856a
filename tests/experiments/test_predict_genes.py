"""Tables of predictions."""

import warnings

import numpy as np
import pytest

from histoexpr import (
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    PairRegressor,
    SignalScaler,
    load_model,
    make_histone_cells,
    pair_cells,
    predict_genes,
    read_model_info,
    save_model,
    train_model,
)
from histoexpr.exceptions import HistoexprWarning
from histoexpr.experiments import make_model


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=200, random_state=0)


@pytest.fixture(scope="module")
def new(cells):
    return cells.select(cells="C03")


@pytest.fixture(scope="module")
def model(cells):
    return HistoneLinearClassifier(n_regions=10).fit(cells.select(cells=["C01", "C02"]))


def test_columns_are_what_is_known(model, new):
    bare = new.replace(y=None, expression=None, chrom=None, tss=None, strand=None, split=None)
    table = predict_genes(model, bare)
    assert table.columns.tolist() == ["gene", "cell", "probability", "call"]
    assert table["gene"].tolist() == new.gene.tolist()
    np.testing.assert_array_equal(table["probability"], model.predict_proba(new)[:, 1])
    expected = np.where(model.predict(new) == 1, "expressed", "not expressed")
    assert table["call"].tolist() == expected.tolist()
    full = predict_genes(model, new.replace(symbol=new.gene))
    assert full.columns.tolist() == [
        *("gene", "symbol", "cell", "chrom", "tss", "probability", "call", "label", "expression"),
    ]
    assert full["label"].tolist() == new.y.tolist()


def test_other_classes_keep_their_names(cells, new):
    two = np.where(cells.y == 1, "on", "off")
    model = HistoneLinearClassifier().fit(cells.X, two)
    assert set(predict_genes(model, new)["call"]) == {"on", "off"}
    three = np.digitize(np.log2(cells.expression + 1), [1, 3])
    model = make_model("m", "boosting").fit(cells, three)
    table = predict_genes(model, new)
    names = [f"probability_{number}" for number in range(3)]
    np.testing.assert_allclose(table[names].sum(axis=1), 1)
    np.testing.assert_array_equal(table["call"], model.predict(new))


def test_levels_and_changes(cells, new):
    level = HistoneLinearRegressor().fit(cells)
    table = predict_genes(level, new)
    np.testing.assert_allclose(table["log2_expression"], level.predict(new))
    assert "call" not in table
    pairs = pair_cells(cells.select(cells=["C01", "C02"]))
    change = PairRegressor().fit(pairs)
    table = predict_genes(change, pairs)
    assert set(table["cell"]) == {"C01 vs C02"}
    assert {"predicted_log2_fold_change", "log2_fold_change"} <= set(table)


def test_data_are_made_like_those_of_the_file(cells, new, tmp_path):
    old = cells.select(cells=["C01", "C02"])
    trained = train_model(old, "logistic", validate="none")
    path = save_model(trained.estimator, tmp_path / "m.histoexpr", data=old)
    model, info = load_model(path), read_model_info(path)
    expected = predict_genes(trained.estimator, new)["probability"]
    changed = new.orient(False).select(marks=new.marks[::-1])
    extra = changed.replace(
        X=np.concatenate([changed.X, changed.X[:, :, :1]], axis=2),
        marks=[*(mark.lower() for mark in changed.marks), "H3K27ac"],
    )
    with pytest.warns(HistoexprWarning) as said:
        found = predict_genes(model, extra, info=info)["probability"]
    np.testing.assert_array_equal(found, expected)
    texts = [str(warning.message) for warning in said]
    assert len(texts) == 2
    assert "left out: H3K27ac" in texts[0]
    assert "minus strand were turned" in texts[1]


def test_cells_without_some_marks(cells, new, tmp_path):
    old = cells.select(cells=["C01", "C02"])
    model = train_model(old, "logistic", validate="none", mark_subsets=True).estimator
    signals = {"marks": cells.marks, "bin_size": 100, "window": cells.window, "oriented": True}
    info = {"signals": signals, "training": {}}
    part = new.select(marks=new.marks[:2])
    with pytest.warns(HistoexprWarning, match="predictions rest on the others"):
        table = predict_genes(model, part, info=info)
    expected = model.predict_proba(part.with_marks(cells.marks))[:, 1]
    np.testing.assert_array_equal(table["probability"], expected)


def test_another_reference_is_taken(cells):
    data, reference = make_histone_cells(3, 240, n_reference_cells=8, random_state=0)
    old, new = data.select(cells=["C01", "C02"]), data.select(cells="C03")
    model = train_model(old, "reference", reference=reference, validate="none").estimator
    reference = reference.select(cells=reference.cells[:4])
    found = predict_genes(model, new, reference=reference)["probability"]
    assert not np.allclose(found, predict_genes(model, new)["probability"])
    simple = make_model("m", "logistic").fit(old, old.y)
    with pytest.raises(ValueError, match="uses no expression of other cells"):
        predict_genes(simple, new, reference=reference)


def test_one_gene_repeated_genes_and_strange_names(model, new):
    one = new.take([3])
    whole = predict_genes(model, new)
    assert predict_genes(model, one)["probability"][0] == whole["probability"][3]
    twice = new.take([3, 3, 5]).replace(cell=["a cell", "Zelle é", "a cell"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = predict_genes(model, twice)
    assert table["cell"].tolist() == ["a cell", "Zelle é", "a cell"]
    assert table["probability"][0] == table["probability"][1]


def test_other_things_are_refused(model, new):
    with pytest.raises(ValueError, match="SignalScaler, which predicts neither"):
        predict_genes(SignalScaler().fit(new), new)
    with pytest.raises(TypeError, match="data must be a HistoneDataset"):
        predict_genes(model, new.X)
    with pytest.raises(ValueError, match="no samples to predict"):
        predict_genes(model, new.take([]))
