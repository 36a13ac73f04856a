"""An experiment in silico, drawn."""

import numpy as np
import pytest

from histoexpr import HistoneDataset, perturb
from histoexpr.plots import PerturbationDisplay
from support.planted import Known

pytestmark = [
    pytest.mark.usefixtures("close_figures"),
    pytest.mark.filterwarnings("ignore::histoexpr.exceptions.HistoexprWarning"),
]


@pytest.fixture(scope="module")
def data():
    X = np.random.default_rng(0).poisson(9, (200, 10, 3))
    return HistoneDataset(
        X, np.arange(200) % 2, cell=["A"] * 200, gene=[f"g{i}" for i in range(200)]
    )


def legend(display):
    return [text.get_text() for text in display.figure_.legends[0].get_texts()]


def test_labels_have_their_distribution_and_points(data):
    found = perturb(data, "mark1", (-500, 0), estimator=Known())
    display = PerturbationDisplay.from_perturbation(found)
    changes, points = display.axes_
    assert changes.get_xlabel() == "change of the log-odds of class 1"
    assert points.get_xlabel() == "log-odds of class 1 before"
    assert legend(display) == [
        "not expressed, n = 100",
        "expressed, n = 100",
        "outside the range of real genes, 100%",
    ]
    means = [line.get_xdata()[0] for line in changes.lines]
    assert means[:2] == found.summary["change"].iloc[1:].tolist()
    # all samples are in the histogram, those at far ends too
    for shape in changes.patches[:1]:
        assert shape.get_path().vertices[:, 1].max() <= 100
    drawn = [len(part.get_offsets()) for part in points.collections]
    assert drawn == [200, 0, 0]  # grey, and those of either label that are inside
    assert display.figure_._suptitle.get_text() == "mark1 \N{MINUS SIGN}500 to +0 bp: removed"
    n_axes = len(display.figure_.axes)
    display.plot(axes=display.axes_)
    assert len(display.figure_.axes) == n_axes
    assert len(display.figure_.legends) == 1


def test_samples_without_labels_are_one_group(data):
    found = perturb(data.X, 0, None, "swap", estimator=Known())
    display = PerturbationDisplay(found).plot()
    assert legend(display)[0] == "all genes, n = 200"
    drawn = sum(len(part.get_offsets()) for part in display.axes_[1].collections)
    assert drawn == 200


def test_other_labels_keep_their_names(data):
    named = data.replace(y=np.where(data.y == 1, "on", "off"))
    display = PerturbationDisplay(perturb(named, 0, None, "swap", estimator=Known())).plot()
    assert legend(display)[:2] == ["off, n = 100", "on, n = 100"]


def test_what_cannot_be_drawn_is_refused(data):
    with pytest.raises(TypeError, match=r"perturbation must be .*got int.*histoexpr.perturb"):
        PerturbationDisplay(3)
    with pytest.raises(ValueError, match=r"no predictions to draw.*estimator"):
        PerturbationDisplay(perturb(data, 0))
