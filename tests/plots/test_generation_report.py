"""A generation report, drawn."""

import numpy as np
import pytest

from histoexpr.generation import GenerationReport
from histoexpr.plots import GenerationReportDisplay

pytestmark = pytest.mark.usefixtures("close_figures")
_BEST = GenerationReport({}, {}, [], 0, 0, 0).best
_PER_MARK = ("profile_correlation", "marginal_distance", "zero_fraction_error")
_PER_MARK += ("autocorrelation_error",)


def report_of(*, n_marks=3, deviation=np.nan, undefined=()):
    """A report in which real signals reach 0.4 and all others 0.1; some measures are NaN."""
    values, deviations = {}, {}
    for source, value in (("real", 0.4), ("generator", 0.1), ("gaussian", 0.1)):
        values[source], deviations[source] = {}, {}
        for measure in _BEST:
            shape = n_marks if measure in _PER_MARK else ()
            found = np.nan if measure in undefined or (source, measure) in undefined else value
            values[source][measure] = np.full(shape, found)
            deviations[source][measure] = np.full(shape, deviation)
    marks = [f"mark{number}" for number in range(1, n_marks + 1)]
    return GenerationReport(values, deviations, marks, 20, 40, 1)


def grey_pixels(display, ax):
    """Return the share of the panel's pixels that are as grey as the null's line and band."""
    from matplotlib.colors import to_rgba

    display.figure_.canvas.draw()
    pixels = np.asarray(display.figure_.canvas.buffer_rgba())
    box = ax.get_window_extent()
    rows = slice(len(pixels) - int(box.y1), len(pixels) - int(box.y0))
    inside = pixels[rows, int(box.x0) : int(box.x1)]
    colours = np.round(255 * np.array([to_rgba("0.6"), to_rgba("0.88")]))
    return np.mean([np.abs(inside - c).max(axis=2) < 3 for c in colours]) * 2


@pytest.mark.parametrize("deviation", [np.nan, 0.0, 0.02])
def test_the_null_is_there_with_one_repeat_as_with_several(deviation):
    display = GenerationReportDisplay.from_report(report_of(deviation=deviation))
    for measure, ax in zip(_BEST, display.axes_, strict=True):
        assert grey_pixels(display, ax) > 0.002
        if measure in _PER_MARK:  # beside the dots of either source
            assert [len(ticks.lines[0].get_xdata()) for ticks in ax.containers] == [3] * 4
            assert {x for ticks in ax.containers[::2] for x in ticks.lines[0].get_xdata()} == {0.4}
        else:
            null = next(line for line in ax.lines if line.get_label() == "real against real")
            assert list(null.get_xdata()) == [0.4, 0.4]
    (legend,) = display.figure_.legends
    assert {text.get_text() for text in legend.get_texts()} == {"real against real", "perfect"}


def test_what_is_undefined_says_so():
    undefined = ["profile_correlation", ("generator", "transfer_auroc"), ("real", "coverage")]
    display = GenerationReportDisplay.from_report(report_of(n_marks=1, undefined=undefined))
    display.figure_.draw_without_rendering()  # no warning of means of nothing
    panels = dict(zip(_BEST, display.axes_, strict=True))
    found = {measure: len(ax.texts) for measure, ax in panels.items() if ax.texts}
    assert found == {"profile_correlation": 2, "transfer_auroc": 1}
    assert [line.get_label() for line in panels["coverage"].lines].count("perfect") == 1
    # the first panel has no null, but the legend has
    (legend,) = display.figure_.legends
    assert {text.get_text() for text in legend.get_texts()} == {"real against real", "perfect"}


def test_drawn_again_on_its_own_axes():
    display = GenerationReportDisplay.from_report(report_of())
    before = [len(ax.get_children()) for ax in display.axes_]
    display.plot(axes=display.axes_.reshape(3, 4))
    assert [len(ax.get_children()) for ax in display.axes_] == before
    assert len(display.figure_.legends) == 1
    with pytest.raises(ValueError, match="axes must be 12 matplotlib Axes, one per measure"):
        display.plot(axes=display.axes_[:4])


def test_sources_are_named_beside_the_first_column():
    display = GenerationReportDisplay.from_report(report_of())
    display.figure_.draw_without_rendering()
    named = [bool(ax.get_yticklabels()) for ax in display.axes_]
    assert named == [True, False, False, False] * 3


def test_other_reports_are_refused():
    with pytest.raises(TypeError, match=r"report must be .*GenerationReport, got int.*generation"):
        GenerationReportDisplay.from_report(3)
