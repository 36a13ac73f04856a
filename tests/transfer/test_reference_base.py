import numpy as np
import pytest
from joblib import parallel_config
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

from histoexpr import BinPooler, ReferenceRegressor, make_histone_cells


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
