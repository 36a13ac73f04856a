import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from histoexpr import BinPooler, HistoneLinearClassifier, make_histone_cells
from histoexpr.transfer._take_over import take_over


class Wrapper:
    pass


def test_what_the_wrapped_one_knows_replaces_what_was_known():
    data = make_histone_cells(n_cells=1, n_genes=40, random_state=0)
    wrapper = Wrapper()
    wrapper.mark_names_in_, wrapper.feature_names_in_ = ["old"], ["old"]
    take_over(wrapper, HistoneLinearClassifier().fit(data))
    assert list(wrapper.mark_names_in_) == data.marks
    assert (wrapper.n_bins_in_, wrapper.n_marks_in_) == data.X.shape[1:]
    assert not hasattr(wrapper, "feature_names_in_")


def test_of_a_pipeline_the_last_step_is_asked_for_what_the_first_does_not_say():
    X, y = np.random.default_rng(0).poisson(2, (20, 6, 3)), [0, 1] * 10
    wrapper = Wrapper()
    take_over(wrapper, make_pipeline(BinPooler("mean"), LogisticRegression()).fit(X, y))
    assert wrapper.n_features_in_ == 6
