import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from histoexpr import (
    BinPooler,
    CellPriorClassifier,
    HistoneLinearClassifier,
    ReferenceClassifier,
    make_histone_cells,
)
from histoexpr.transfer._take_over import take_over
from histoexpr.utils import read_signals


class Wrapper:
    pass


def test_what_the_wrapped_one_knows_replaces_what_was_known():
    data = make_histone_cells(n_cells=1, n_genes=40, random_state=0)
    wrapper = Wrapper()
    wrapper.mark_names_in_, wrapper.feature_names_in_ = ["old"], ["old"]
    take_over(wrapper, HistoneLinearClassifier().fit(data), read_signals(data))
    assert list(wrapper.mark_names_in_) == data.marks
    assert (wrapper.n_bins_in_, wrapper.n_marks_in_) == data.X.shape[1:]
    assert not hasattr(wrapper, "feature_names_in_")


def test_of_a_pipeline_the_last_step_is_asked_for_what_the_first_does_not_say():
    X, y = np.random.default_rng(0).poisson(2, (20, 6, 3)), [0, 1] * 10
    wrapper = Wrapper()
    pipeline = make_pipeline(BinPooler("mean"), LogisticRegression()).fit(X, y)
    take_over(wrapper, make_pipeline(pipeline), read_signals(X))
    assert wrapper.n_features_in_ == 6


def means(X):
    return np.asarray(X).mean(axis=1)


@pytest.mark.parametrize("wrap", [CellPriorClassifier, ReferenceClassifier])
@pytest.mark.filterwarnings("ignore:Predictions rest on signals alone")
def test_marks_are_matched_where_the_wrapped_one_takes_arrays(wrap):
    data = make_histone_cells(n_cells=2, n_genes=150, random_state=0)
    first, second = (data.select(cells=cell) for cell in data.cells)
    model = wrap(make_pipeline(FunctionTransformer(means), LogisticRegression())).fit(first)
    turned = second.select(marks=second.marks[::-1])
    np.testing.assert_array_equal(model.predict_proba(turned), model.predict_proba(second))
    with pytest.raises(ValueError, match="H3K9me3"):
        model.predict(second.select(marks=second.marks[:4]))
    with pytest.raises(ValueError, match="200 bp"):
        model.predict(second.replace(bin_size=200, window=None))
