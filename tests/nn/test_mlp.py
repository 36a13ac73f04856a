"""The fully connected network."""

import pytest
import torch

from histoexpr.nn import HistoneMLP
from support.networks import ANY_SHAPE, gradients_reach_the_signals, n_parameters


def test_published_number_of_parameters():
    assert n_parameters(HistoneMLP(100, 5)) == 3_843_351


def test_mlp_has_dropout_and_no_activation_after_the_second_layer():
    kinds = [type(layer).__name__ for layer in HistoneMLP(100, 5).head]
    linear = "RowwiseLinear"
    assert kinds == [linear, "ReLU", linear, "BitDropout", *([linear, "ReLU"] * 2), linear]


@pytest.mark.parametrize(("n_bins", "n_marks", "n_classes"), ANY_SHAPE)
def test_any_number_of_bins_marks_and_classes(n_bins, n_marks, n_classes):
    x = torch.rand(3, n_bins, n_marks)
    assert HistoneMLP(n_bins, n_marks, n_classes)(x).shape == (3, n_classes)


def test_gradients_reach_the_signals():
    assert gradients_reach_the_signals(HistoneMLP(20, 3))
