"""A generation report, drawn."""

import numpy as np
import pytest

from histoexpr.generation import MEASURES
from histoexpr.plots import GenerationReportDisplay
from support.reports import report_of

pytestmark = pytest.mark.usefixtures("close_figures")
SHOWN = [name for name in MEASURES if name not in ("two_sample", "marginal_distance")]
BY_MARK = [name for name in SHOWN if MEASURES[name].by_mark]


def panels(display):
    return dict(zip(SHOWN, display.axes_, strict=True))


@pytest.mark.parametrize("reach", [np.nan, 0.0, 0.02])
def test_figures_their_intervals_and_the_null_are_drawn(reach):
    generator = {"recall": 0.3, "zero_fraction_error": np.array([0.1, 0.2])}
    display = GenerationReportDisplay.from_report(report_of(generator=generator, reach=reach))
    display.figure_.draw_without_rendering()
    assert len(display.axes_) == len(SHOWN) == 16
    recall = panels(display)["recall"]
    (null,) = (line for line in recall.lines if line.get_label() == "real against real")
    assert list(null.get_xdata()) == [0.5, 0.5]
    band = [patch.get_x() for patch in recall.patches]
    assert band == ([] if np.isnan(reach) else [pytest.approx(0.5 - reach)])
    dot = recall.containers[0]
    assert dot.lines[0].get_xdata().tolist() == [0.3]
    (bar,) = dot.lines[2][0].get_segments()
    np.testing.assert_allclose(bar[:, 0], 0.3 + np.nan_to_num(reach) * np.array([-1, 1]))
    zeros = panels(display)["zero_fraction_error"]
    ticks, dots = zeros.containers[:2]
    assert list(ticks.lines[0].get_xdata()) == [0.5, 0.5]
    assert list(dots.lines[0].get_xdata()) == [0.1, 0.2]


def test_units_and_numbers_of_samples_are_told():
    display = GenerationReportDisplay.from_report(report_of())
    assert all(ax.get_xlabel() for ax in display.axes_)
    assert "200 real and as many generated samples" in display.figure_.get_suptitle()
    assert "genes resampled" in display.figure_.get_suptitle()
    titles = {name: " ".join(ax.get_title().split()) for name, ax in panels(display).items()}
    assert titles["transfer_cnn"] == "transfer, CNN (n = 900)"
    (legend,) = display.figure_.legends
    assert {text.get_text() for text in legend.get_texts()} == {"real against real", "perfect"}


def test_what_is_undefined_says_so():
    report = report_of(
        marks="a",
        generator={"profile_correlation": np.nan, "transfer_cnn": np.nan},
        real={"coverage": np.nan},
    )
    display = GenerationReportDisplay.from_report(report)
    display.figure_.draw_without_rendering()  # no warning of means of nothing
    found = {name: len(ax.texts) for name, ax in panels(display).items() if ax.texts}
    assert found == {"profile_correlation": 1, "transfer_cnn": 1}
    labels = [line.get_label() for line in panels(display)["coverage"].lines]
    assert labels.count("perfect") == 1
    assert "real against real" not in labels


def test_drawn_again_on_its_own_axes():
    display = GenerationReportDisplay.from_report(report_of())
    before = [len(ax.get_children()) for ax in display.axes_]
    display.plot(axes=display.axes_.reshape(4, 4))
    assert [len(ax.get_children()) for ax in display.axes_] == before
    assert len(display.figure_.legends) == 1
    with pytest.raises(ValueError, match="axes must be 16 matplotlib Axes, one per measure"):
        display.plot(axes=display.axes_[:4])


def test_sources_are_named_beside_the_first_column():
    display = GenerationReportDisplay.from_report(report_of())
    display.figure_.draw_without_rendering()
    named = [bool(ax.get_yticklabels()) for ax in display.axes_]
    assert named == [True, False, False, False] * 4


def test_other_reports_are_refused():
    with pytest.raises(TypeError, match=r"report must be .*GenerationReport, got int.*generation"):
        GenerationReportDisplay.from_report(3)
