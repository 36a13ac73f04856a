"""The published settings are those of the paper, and parameters of the classifiers."""

import pytest

from histoexpr.replication import PUBLISHED_INPUT, PUBLISHED_TRAINING


def test_settings_of_the_paper():
    assert PUBLISHED_TRAINING["optimizer"] == "sgd"
    assert PUBLISHED_TRAINING["lr"] == 1e-3
    assert PUBLISHED_TRAINING["batch_size"] == 32
    assert PUBLISHED_TRAINING["max_epochs"] == 100
    assert PUBLISHED_TRAINING["n_iter_no_change"] == 15
    assert not PUBLISHED_TRAINING["log1p"]


@pytest.mark.parametrize("name", ["HistoneCNNClassifier", "HistoneMLPClassifier"])
def test_a_classifier_takes_them(name):
    import histoexpr

    estimator = getattr(histoexpr, name).published()
    parameters = estimator.get_params()
    for key, value in {**PUBLISHED_TRAINING, **PUBLISHED_INPUT}.items():
        assert parameters[key] == value
