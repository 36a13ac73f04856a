"""What classifiers and regressors of matched cells share: maps of scores, names, routing."""

import numpy as np
import pytest
from sklearn.utils.metadata_routing import get_routing_for_object

from histoexpr import CellPriorClassifier, CellPriorRegressor, make_histone_cells

MODELS = [CellPriorClassifier(), CellPriorRegressor()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_training_cells_keep_what_the_estimator_says(model):
    data = make_histone_cells(n_cells=3, n_genes=150, random_state=0)
    train = data.select(cells=data.cells[:2])
    fitted = model.fit(train)
    output = fitted._output
    found, plain = (getattr(m, output)(train) for m in (fitted, fitted.estimator_))
    np.testing.assert_allclose(found, plain, rtol=1e-6)
    assert fitted.cells_.tolist() == data.cells[:2].tolist()
    assert fitted.mark_names_in_.tolist() == data.marks
    new = data.select(cells=data.cells[2])
    assert not np.allclose(getattr(fitted, output)(new), getattr(fitted.estimator_, output)(new))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_its_methods_route_to_the_one_that_is_asked(model):
    mapping = get_routing_for_object(model)._route_mappings["estimator"].mapping
    asked = {(pair.caller, pair.callee) for pair in mapping}
    assert ("fit", "fit") in asked
    assert ("predict", model._output) in asked
    assert ("score", model._output) in asked
