import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr
from sklearn.metrics import r2_score

from histoexpr import ReferenceRegressor, make_histone_cells
from histoexpr.metrics import within_gene_spearman


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=5, n_genes=1200, n_reference_cells=20, random_state=3)


@pytest.fixture(scope="module")
def fitted(cells):
    data, reference = cells
    train = data.select(cells=["C01", "C02"], genes=data.genes[:800])
    return ReferenceRegressor(reference=reference).fit(train)


@pytest.fixture(scope="module")
def new(cells):
    data, _ = cells
    return data.select(cells=["C03", "C04", "C05"])


def test_both_beat_signals_and_reference_on_new_genes_of_new_cells(fitted, new):
    parts = fitted.explain(new)
    test = ~np.isin(new.gene, new.genes[:800])
    y = np.log2(new.expression + 1)[test]
    found = {
        name: pearsonr(y, parts[name][test])[0] for name in ("prediction", "reference", "signals")
    }
    assert found["prediction"] > 0.01 + max(found["reference"], found["signals"])


def test_differences_of_a_gene_between_cells_are_told_better_than_by_signals(fitted, new):
    parts = fitted.explain(new)
    columns = {"gene": new.gene, "cell": new.cell, "chrom": new.chrom}
    y = np.log2(new.expression + 1)
    both = within_gene_spearman(y, parts["prediction"].to_numpy(), **columns)
    alone = within_gene_spearman(y, parts["signals"].to_numpy(), **columns)
    assert both.value > alone.value


def test_its_parts_add_up_and_the_score_is_r2(fitted, new):
    parts = fitted.explain(new)
    np.testing.assert_allclose(parts["change"], parts["prediction"] - parts["reference"])
    np.testing.assert_array_equal(parts["prediction"], fitted.predict(new))
    y = np.log2(new.expression + 1)
    assert fitted.score(new) == pytest.approx(r2_score(y, fitted.predict(new)))


def test_another_target_may_be_given(cells, fitted):
    data, reference = cells
    train = data.select(cells=["C01", "C02"], genes=data.genes[:800])
    doubled = ReferenceRegressor(reference=reference).fit(
        train, 2 * np.log2(train.expression + 1) + 5
    )
    np.testing.assert_allclose(
        doubled.predict(train), 2 * fitted.predict(train) + 5, rtol=0.02, atol=0.05
    )


def test_a_data_set_without_expression_is_refused_with_what_is_missing(cells):
    data, reference = cells
    with pytest.raises(ValueError, match="expression"):
        ReferenceRegressor(reference=reference).fit(data.replace(expression=None))


def test_a_frame_is_as_good_as_a_table(cells, fitted, new):
    data, reference = cells
    train = data.select(cells=["C01", "C02"], genes=data.genes[:800])
    frame = pd.DataFrame(reference.values, reference.genes, reference.cells)
    model = ReferenceRegressor(reference=frame).fit(train)
    np.testing.assert_array_equal(model.predict(new), fitted.predict(new))
