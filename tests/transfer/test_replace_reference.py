"""Other reference cells for a fitted model."""

import numpy as np
import pandas as pd
import pytest

from histoexpr import HistoneLinearClassifier, ReferenceClassifier, make_histone_cells
from histoexpr.transfer import replace_reference


@pytest.fixture(scope="module")
def cells():
    data, table = make_histone_cells(n_cells=3, n_genes=300, n_reference_cells=8, random_state=0)
    return data, pd.DataFrame(table.values, table.genes, table.cells)


@pytest.fixture(scope="module")
def fitted(cells):
    data, reference = cells
    return ReferenceClassifier(reference=reference).fit(data.select(cells=["C01", "C02"]))


def test_the_same_table_predicts_the_same(cells, fitted):
    data, reference = cells
    new = data.select(cells="C03")
    again = replace_reference(fitted, reference)
    np.testing.assert_allclose(again.predict_proba(new), fitted.predict_proba(new))
    # cells that were trained on are learned anew
    assert again.predict(data.select(cells="C01")).shape == (300,)


def test_another_table_is_used_and_the_model_stays(cells, fitted):
    data, reference = cells
    new = data.select(cells="C03")
    before = fitted.predict_proba(new)
    rng = np.random.default_rng(0)
    shuffled = reference.set_axis(rng.permutation(reference.index), axis=0)
    other = replace_reference(fitted, shuffled)
    score = [np.mean((m.predict_proba(new)[:, 1] > 0.5) == new.y) for m in (fitted, other)]
    assert score[0] > score[1] + 0.05
    # as the model says when fitted with it: the references are those of the new table
    assert set(other.cell_report(new)) == set(fitted.cell_report(new))
    np.testing.assert_array_equal(fitted.predict_proba(new), before)


def test_models_without_a_use_for_it_are_refused(cells):
    data, reference = cells
    linear = HistoneLinearClassifier().fit(data)
    with pytest.raises(ValueError, match="HistoneLinearClassifier uses no expression"):
        replace_reference(linear, reference)
    with pytest.warns(match="reference is None"):
        without = ReferenceClassifier().fit(data)
    with pytest.raises(ValueError, match="fitted without a reference"):
        replace_reference(without, reference)
