"""The regressor of subsets of marks."""

import numpy as np
import pytest
from sklearn.metrics import r2_score

from histoexpr import HistoneLinearRegressor, MarkSubsetRegressor, make_histone_cells


def test_regressor_learns_expression_and_takes_it_from_the_data_set():
    data = make_histone_cells(3, 400, random_state=1)
    new = data.select(cells="C03", marks=data.marks[1:])
    train = data.select(cells=["C01", "C02"])
    model = MarkSubsetRegressor().fit(train)
    alone = HistoneLinearRegressor(n_regions=10).fit(train.select(marks=data.marks[1:]))
    np.testing.assert_allclose(model.predict(new), alone.predict(new), atol=1e-4)
    y = np.log2(new.expression + 1)
    assert model.score(new) == pytest.approx(r2_score(y, model.predict(new)))
    assert model.score(new) > 0.4
    with pytest.raises(ValueError, match="no expression"):
        MarkSubsetRegressor().fit(train.replace(expression=None))
    assert not hasattr(model, "predict_proba")
