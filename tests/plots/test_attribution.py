"""Contributions to a prediction, drawn."""

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, HistoneLinearRegressor
from histoexpr.inspection import attribute
from histoexpr.plots import AttributionDisplay
from support.small_datasets import make_dataset

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    X = rng.poisson(np.where(np.arange(60) % 2, 8, 3)[:, None, None], (60, 6, 2))
    return make_dataset(n_genes=30, X=X, window=(-300, 300), oriented=True)


@pytest.fixture(scope="module")
def found(data):
    return attribute(HistoneLinearClassifier(n_regions=2).fit(data), data)


def test_a_gene_is_drawn_as_it_is(found):
    display = AttributionDisplay.from_attribution(found, "S3", cell="B")
    row = found.row("S3", "B")
    assert len(display.axes_) == 4
    top = np.abs(found.values[row]).max()
    for number, mark in enumerate(found.marks):
        signal, strip = display.axes_[2 * number : 2 * number + 2]
        steps = [patch.get_data() for patch in signal.patches]
        np.testing.assert_array_equal(steps[0].values, found.signals[row, :, number])
        np.testing.assert_array_equal(steps[-1].values, found.baseline[:, number])
        np.testing.assert_allclose(steps[0].edges, np.linspace(-0.3, 0.3, 7))
        (image,) = strip.images
        np.testing.assert_array_equal(image.get_array()[0], found.values[row, :, number])
        assert image.get_clim() == (-top, top)
        total = f"{found.values[row, :, number].sum():+.2f}".replace("-", "\N{MINUS SIGN}")
        assert signal.get_title(loc="left").split() == [mark, total]
    assert "downstream" in display.axes_[-1].get_xlabel()
    assert display.figure_.axes[-1].get_ylabel() == "contribution per bin (log-odds)"
    assert display.figure_.get_supylabel() == "signal per bin"
    assert display.figure_.get_suptitle().startswith(found.title(row))
    assert "baseline: average of 60" in display.figure_.legends[0].get_texts()[1].get_text()


def test_logarithms_and_titles_of_ones_own(found):
    display = AttributionDisplay.from_attribution(found, 0, scale="log", title="mine")
    drawn = display.axes_[0].patches[0].get_data().values
    np.testing.assert_allclose(drawn, np.log1p(found.signals[0, :, 0]))
    assert display.figure_.get_supylabel() == "log(1 + signal)"
    assert display.figure_.get_suptitle() == "mine"
    with pytest.raises(ValueError, match="'scale' parameter"):
        display.plot(scale="root")


def test_averages_by_class(found):
    display = AttributionDisplay.from_attribution(found)
    assert len(display.axes_) == 2
    averages = found.by_class()
    for ax, mark in zip(display.axes_, found.marks, strict=True):
        lines = {line.get_label(): line for line in ax.lines if "genes" in str(line.get_label())}
        assert list(lines) == ["not expressed, 30 genes", "expressed, 30 genes"]
        expected = averages[(averages["mark"] == mark) & (averages["class"] == 1)]
        line = lines["expressed, 30 genes"]
        np.testing.assert_allclose(line.get_ydata(), expected["mean"])
        np.testing.assert_allclose(line.get_xdata(), expected["position"] / 1000)
    assert display.axes_[0].get_ylabel() == "mean contribution per bin\n(log-odds)"
    groups = np.repeat(["near", "far"], 30)
    by_group = AttributionDisplay.from_attribution(found, labels=groups)
    texts = [text.get_text() for text in by_group.figure_.legends[0].get_texts()]
    assert texts == ["class far, 30 genes", "class near, 30 genes"]


def test_one_sample_is_drawn_without_being_named(data):
    model = HistoneLinearRegressor().fit(data)
    display = AttributionDisplay.from_estimator(model, data[:1], reference=data)
    assert display.gene == 0
    assert display.figure_.axes[-1].get_ylabel() == "contribution per bin (prediction)"
    assert "prediction: " in display.figure_.get_suptitle()


def test_axes_that_are_given(found):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(4, 1)
    display = AttributionDisplay.from_attribution(found, 0, axes=axes)
    assert display.figure_ is figure
    display.plot(axes=axes)
    assert len(figure.axes) == 5  # the scale of before is gone
    with pytest.raises(ValueError, match="axes must be 4 matplotlib Axes, two per mark"):
        display.plot(axes=axes[:2])
    with pytest.raises(TypeError, match=r"attribution must be an Attribution.*histoexpr\.attrib"):
        AttributionDisplay("S3", 0)
    with pytest.raises(ValueError, match="did you mean"):
        AttributionDisplay(found, "S99", "A")


def test_nothing_is_cut_off(found):
    display = AttributionDisplay.from_attribution(found, 0)
    display.figure_.draw_without_rendering()
    box = display.figure_.bbox
    shown = [ax.get_tightbbox() for ax in display.figure_.axes]
    assert all(box.x0 <= b.x0 and b.x1 <= box.x1 + 1 for b in shown)
    titles = [ax.title.get_window_extent() for ax in display.axes_[::2]]
    below = [ax.get_window_extent() for ax in display.axes_[1::2]]
    assert below[0].y0 > titles[1].y0  # a strip does not cover the name of the next mark
