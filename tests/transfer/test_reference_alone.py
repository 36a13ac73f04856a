"""What references say by themselves."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.base import clone, is_classifier, is_regressor

from histoexpr import ReferenceClassifier, ReferenceRegressor, make_histone_cells
from histoexpr.transfer import references_alone


@pytest.fixture(scope="module")
def cells():
    data, table = make_histone_cells(n_cells=2, n_genes=300, n_reference_cells=8, random_state=0)
    return data, pd.DataFrame(table.values, table.genes, table.cells)


@pytest.mark.parametrize("kind", [ReferenceClassifier, ReferenceRegressor])
def test_alone_is_what_explain_says_of_the_reference(cells, kind):
    data, reference = cells
    old, new = data.select(cells="C01"), data.select(cells="C02")
    reference = reference.drop(index=data.genes[:20])  # some genes without
    model = kind(reference=reference)
    alone = references_alone(model)
    assert is_classifier(alone) == (kind is ReferenceClassifier)
    assert is_regressor(alone) == (kind is ReferenceRegressor)
    expected = model.fit(old).explain(new)["reference"].to_numpy()
    alone = clone(alone).fit(old)
    if kind is ReferenceClassifier:
        found = alone.predict_proba(new)[:, 1]
        mean = old.y.mean()
        assert expit(alone.decision_function(new)) == pytest.approx(found)
    else:
        found, mean = alone.predict(new), np.log2(old.expression + 1).mean()
    known = ~np.isnan(expected)
    assert known.sum() == 280
    np.testing.assert_allclose(found[known], expected[known])
    np.testing.assert_allclose(found[~known], mean)
