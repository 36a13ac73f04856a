"""Parameters of estimators of a user's module."""

import pytest

from histoexpr import HistoneNetClassifier
from support.modules import Pooled


def test_arguments_of_the_module_are_parameters():
    estimator = HistoneNetClassifier(Pooled, module__width=4)
    assert estimator.get_params()["module__width"] == 4
    assert estimator.set_params(module__width=2, lr=0.1).get_params()["module__width"] == 2
    with pytest.raises(TypeError, match=r"no parameter 'width'.*module__width"):
        HistoneNetClassifier(Pooled, width=4)
