import json

import numpy as np
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from histoexpr.utils import describe_model


def own_log(X):
    return np.log1p(X)


def test_models_are_described_alike_in_every_process():
    logged = FunctionTransformer(own_log, kw_args={"where": own_log})
    model = make_pipeline(logged, SimpleImputer(), LogisticRegression())
    described = describe_model(model)
    assert " at 0x" not in json.dumps(described, allow_nan=False)
    assert described["params"]["functiontransformer__func"].endswith("own_log")
    steps = [step for _, step in model.steps]
    others = [
        make_pipeline(clone(logged).set_params(func=np.log1p), *steps[1:]),
        Pipeline([*model.steps[:2], ("logisticregression", RidgeClassifier())]),
        make_pipeline(*steps[:2], LogisticRegression(C=2)),
    ]
    assert all(describe_model(other) != described for other in others)


def enclosing(value):
    def function(X):
        return X * value

    return function


def test_functions_without_a_name_of_their_own_are_identified_by_their_code():
    functions = [lambda X: X, lambda X: X * 2, enclosing(2), enclosing(3)]
    described = [
        json.dumps(describe_model(FunctionTransformer(function))) for function in functions
    ]
    assert len(set(described)) == 4
    again = json.dumps(describe_model(FunctionTransformer(enclosing(3))))
    assert again == described[3]
