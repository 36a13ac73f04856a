"""Models by name, and figures on every backend."""

import argparse

import pytest

from histoexpr.cli._evaluation import make_models, number_of_jobs
from histoexpr.experiments import MODELS


def test_models_are_made_by_name_and_seeded():
    models = make_models("cnn, Linear,cnn", 3)
    assert list(models) == ["CNN", "linear"]
    assert models["CNN"].random_state == 3
    with pytest.raises(ValueError, match="Unknown model 'forest'; choose among linear"):
        make_models("linear,forest", 0)
    assert set(make_models(",".join(MODELS), 0)) == {model.label for model in MODELS.values()}


def test_a_number_of_jobs_is_not_zero():
    assert [number_of_jobs(text) for text in ("1", "-1")] == [1, -1]
    with pytest.raises(argparse.ArgumentTypeError, match="give 1 or more"):
        number_of_jobs("0")
