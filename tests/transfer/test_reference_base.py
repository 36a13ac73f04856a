import numpy as np
import pytest
from joblib import parallel_config
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline

from histoexpr import BinPooler, ReferenceRegressor, make_histone_cells
from histoexpr.exceptions import HistoexprWarning


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=2, n_genes=400, n_reference_cells=8, random_state=0)


class Recorder(Ridge):
    """Keeps which genes each fit had, and which were predicted with it."""

    seen = []

    def fit(self, X, y):
        self.n_fitted_ = len(X)
        self.seen.append(("fit", len(X)))
        return super().fit(np.asarray(X), y)

    def predict(self, X):
        self.seen.append(("predict", len(X)))
        return super().predict(np.asarray(X))


def test_the_estimator_is_fitted_cv_plus_one_times(cells):
    data, reference = cells
    Recorder.seen.clear()
    ReferenceRegressor(
        make_pipeline(BinPooler("mean"), Recorder()), reference=reference, cv=4
    ).fit(data)
    kinds = [kind for kind, _ in Recorder.seen]
    assert kinds.count("fit") == 5
    sizes = [n for kind, n in Recorder.seen if kind == "predict"]
    assert sum(sizes) == len(data)


def test_deeper_sequencing_of_a_new_cell_changes_little(cells):
    data, reference = cells
    first, second = (data.select(cells=cell) for cell in data.cells)
    model = ReferenceRegressor(reference=reference).fit(first)
    deeper = second.replace(X=second.X.astype(np.uint32) * 4)
    usual, found = model.predict(second), model.predict(deeper)
    assert np.corrcoef(usual, found)[0, 1] > 0.995
    assert abs(found.mean() - usual.mean()) < 0.02


def test_relearning_a_cell_replaces_what_was_known(cells):
    data, reference = cells
    first, second = (data.select(cells=cell) for cell in data.cells)
    model = ReferenceRegressor(reference=reference).fit(first)
    with pytest.warns(HistoexprWarning, match=r"150 genes of cell C02.*learn_cells"):
        few = model.learn_cells(second[:150]).predict(second[:1])
    assert model.learn_cells(second).predict(second[:1]) != few
    assert model.cell_report(second).loc["C02", "case"] in ("relatives", "no relatives")
    assert model.learn_cells(first).new_cells_.tolist() == ["C02"]
    with pytest.raises(ValueError, match="HistoneDataset"):
        model.learn_cells(second.X)


def test_parallel_fits_are_the_same_to_the_bit(cells):
    data, reference = cells
    one = ReferenceRegressor(reference=reference).fit(data).predict(data)
    with parallel_config(backend="threading"):
        two = ReferenceRegressor(reference=reference, n_jobs=2).fit(data).predict(data)
    np.testing.assert_array_equal(one, two)


def test_other_spellings_are_settled_by_the_training_genes(cells):
    data, reference = cells
    names = {gene: f"ENSG{number:011d}" for number, gene in enumerate(data.genes, 1)}
    table = reference.to_frame().rename(index=names).iloc[:300]
    digits = data.replace(gene=[names[gene][-6:] for gene in data.gene])
    first, second = (digits.select(cells=cell) for cell in digits.cells)
    model = ReferenceRegressor(reference=table).fit(first).learn_cells(second)
    whole = model.explain(second)
    assert whole["in_reference"].sum() == 300
    with pytest.warns(HistoexprWarning, match="50 are in the reference"):
        part = model.explain(second[250:])
    np.testing.assert_array_equal(part["prediction"], whole["prediction"][250:])


def test_genes_of_another_naming_are_said_at_predict(cells):
    data, reference = cells
    first, second = (data.select(cells=cell) for cell in data.cells)
    model = ReferenceRegressor(reference=reference).fit(first)
    other = second.replace(gene=["SYM" + gene for gene in second.gene])
    with pytest.warns(HistoexprWarning, match=r"Of 400 genes of cell C02, 0.*SYMG00001"):
        model.predict(other)


def test_a_new_cell_under_another_name_in_the_reference_is_refused(cells):
    data, reference = cells
    first, second = (data.select(cells=cell) for cell in data.cells)
    frame = reference.to_frame()
    model = ReferenceRegressor(reference=frame.assign(liver=2 * second.expression)).fit(first)
    with pytest.raises(ValueError, match=r"liver has the expression of the cell C02"):
        model.predict(second)
    assert len(model.predict(second.replace(expression=None))) == 400


def test_a_name_written_otherwise_is_the_same(cells):
    data, reference = cells
    second = data.select(cells="C02")
    frame = reference.to_frame()
    known = ReferenceRegressor(reference=frame.assign(**{"c02 ": second.expression})).fit(second)
    without = ReferenceRegressor(reference=frame).fit(second)
    np.testing.assert_array_equal(known.predict(second), without.predict(second))


def test_excluded_cells_are_no_references(cells):
    data, reference = cells
    first, second = (data.select(cells=cell) for cell in data.cells)
    frame = reference.to_frame()
    some = ReferenceRegressor(reference=frame, exclude=["R01", "R02"]).fit(first)
    fewer = ReferenceRegressor(reference=frame.drop(columns=["R01", "R02"])).fit(first)
    np.testing.assert_array_equal(some.predict(second), fewer.predict(second))
    with pytest.warns(HistoexprWarning, match="has no cell"):
        ReferenceRegressor(reference=frame[["R01"]], exclude=["R01"]).fit(first)


def test_the_kind_of_the_estimator_is_checked(cells):
    data, reference = cells
    with pytest.raises(ValueError, match=r"LogisticRegression.*takes a regressor"):
        ReferenceRegressor(LogisticRegression(), reference=reference).fit(data)
