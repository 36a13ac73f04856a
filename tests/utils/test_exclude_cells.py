from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from histoexpr import CellPriorClassifier, ReferenceClassifier
from histoexpr.utils import exclude_cells


def test_models_with_references_are_found_wherever_they_stand():
    inner = ReferenceClassifier(exclude=["E003"])
    for model in (inner, CellPriorClassifier(inner), make_pipeline(StandardScaler(), inner)):
        inner.exclude = ["E003"]
        assert exclude_cells(model, ["E003", "E012"]) is model
        assert inner.exclude == ("E003", "E012")


def test_others_stay_as_they_are():
    model = LogisticRegression(C=2.0)
    before = model.get_params()
    assert exclude_cells(model, ["E003"]).get_params() == before
