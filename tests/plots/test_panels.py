"""Axes, titles and legends of several panels."""

import pytest

from histoexpr.plots._panels import (
    Panels,
    add_legend,
    in_first_column,
    in_lines,
    name_squares,
    new_panels,
    room_of,
    set_title,
)
from support.drawn import labels

pytestmark = pytest.mark.usefixtures("close_figures")


class _Numbers(Panels):
    """A line in each of some panels, with one legend and one scale."""

    def __init__(self, names):
        self.names = names

    def plot(self, *, axes=None, **figure):
        figure = {"n_columns": 2, "size": (2, 1.5), "margin": (1, 0.5)} | figure
        self._take(axes, len(self.names), "one per name", **figure)
        for number, (ax, name) in enumerate(zip(self.axes_, self.names, strict=True)):
            ax.plot([0, 1], [0, number], label=name)
            image = ax.imshow([[0, number]], extent=(0, 1, 0, 1))
        self._add_scale(image, list(self.axes_))
        self._add_legend()
        return self


def test_a_new_figure_has_the_panels_wanted():
    display = _Numbers("abc").plot(sharey=True)
    assert len(display.axes_) == 3
    assert len(display.figure_.axes) == 3 + 1  # and the scale, but no empty panel
    assert display.figure_.get_size_inches().tolist() == [5, 3.5]
    assert in_first_column(display.axes_) == [True, False, True]
    assert display.axes_[0].get_shared_y_axes().joined(*display.axes_[:2])
    (legend,) = display.figure_.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b", "c"]


def test_drawn_again_scales_and_legends_of_before_are_gone():
    display = _Numbers("ab").plot()
    figure, axes = display.figure_, display.axes_
    assert display.plot(axes=axes) is display
    assert display.figure_ is figure
    assert len(figure.axes) == 3
    assert len(figure.legends) == 1
    assert [len(ax.lines) for ax in axes] == [1, 1]
    assert display.plot().figure_ is not figure  # a new one, the old one is left alone
    assert len(figure.axes) == 3


def test_axes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match=r"axes must be 2 matplotlib Axes, one per name, got 1"):
        _Numbers("ab").plot(axes=[None])
    with pytest.raises(ValueError, match=r"got 2 \(str, str\)"):
        _Numbers("ab").plot(axes=["left", "right"])


def test_long_titles_get_lines():
    import matplotlib.pyplot as plt

    ax = plt.subplots(figsize=(2, 2))[1]
    set_title(ax, "a title of many words, $x, for a narrow panel")
    assert ax.get_title().count("\n") >= 1
    assert room_of(ax) < 40
    ax.figure.draw_without_rendering()  # a $ is no formula


def test_lines_of_titles():
    assert in_lines("p(class 1) = 0.31 (sought 0.05)", 40) == "p(class 1) = 0.31 (sought 0.05)"
    assert in_lines("p(class 1) = 0.31 (sought 0.05)", 25) == "p(class 1) = 0.31\n(sought 0.05)"
    assert in_lines("abcdefghij", 4) == "abcd\nefgh\nij"
    assert in_lines("", 4) == ""


def test_pyplot_does_not_know_figures_that_are_not_displays():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    axes = new_panels(6, 3, size=(1, 0.5), margin=(0, 1))
    figure = axes[0].figure
    assert axes.shape == (6,)
    assert axes[0].get_gridspec().get_geometry() == (2, 3)
    assert figure.get_size_inches().tolist() == [3, 2]
    assert plt.get_fignums() == before
    assert len(new_panels(3, 2, size=(1, 1))[0].figure.axes) == 3


def test_long_names_leave_room_in_a_legend():
    [ax] = new_panels(size=(3, 2))
    add_legend(ax.figure, {"b" * 100: ax.plot([1])[0]}, 1)
    assert labels(ax.figure.legends[0].get_texts()) == ["b" * 59 + "…"]
    [ax] = new_panels(size=(3, 2))
    legend = add_legend(ax.figure, {letter * 20: ax.plot([1])[0] for letter in "abcd"})
    assert legend.get_window_extent().width < ax.figure.bbox.width
    assert ax.figure.legends == [legend]  # none that was tried is left


def test_names_of_a_matrix():
    [ax] = new_panels(size=(3, 2))
    name_squares(ax, [0, 1], ["a", "$b"], [0.5], ["c"])
    assert labels(ax.get_xticklabels()) == ["a", "$b"]
    assert labels(ax.get_yticklabels()) == ["c"]
    ax.figure.draw_without_rendering()  # a $ is no formula
