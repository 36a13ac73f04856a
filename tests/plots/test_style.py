"""One palette and one style for all figures."""

import re
from inspect import signature

import pytest

from histoexpr import plots
from histoexpr.plots import _style
from support import ROOT

pytestmark = pytest.mark.usefixtures("close_figures")


def test_colours_are_defined_in_one_file():
    assert len(set(_style.PALETTE)) == len(_style.PALETTE) == 7
    for path in (ROOT / "histoexpr" / "plots").glob("*.py"):
        if path.name != "_style.py":
            assert not re.findall(r"#[0-9A-Fa-f]{6}", path.read_text(encoding="utf-8")), path.name


def test_frames_and_the_axis_around_the_tss():
    import matplotlib.pyplot as plt

    ax = plt.subplots()[1]
    _style.clean(ax)
    assert [ax.spines[side].get_visible() for side in ("top", "right", "left")] == [0, 0, 1]
    _style.label_tss_axis(ax, (-2000, 3000))
    assert ax.get_xlim() == (-2, 3)
    assert ax.lines[0].get_xdata() == [0, 0]
    assert ax.get_xlabel() == "kb around the TSS"
    _style.label_tss_axis(ax, (-2000, 3000), True)
    assert re.search("\n.*upstream.*downstream", ax.get_xlabel())
    _style.label_tss_axis(ax, (-2000, 3000), False)
    assert re.search("\n.*genome left.*right", ax.get_xlabel())
    words = [_style.around_tss("K4, 0 to 1 kb", oriented) for oriented in (None, True, False)]
    assert words[0] == "K4, 0 to 1 kb"
    assert ["downstream" in text for text in words] == [False, True, False]
    assert "right on the genome" in words[2]


def test_each_name_has_a_colour_of_its_own():
    colors = _style.colors_of("abcdefgh")
    assert list(colors) == list("abcdefgh")
    assert len(set(colors.values())) == 7
    assert colors["a"] == colors["h"]


def test_long_names_leave_room():
    assert _style.shorten_name("a" * 60) == "a" * 60
    assert _style.shorten_name("a" * 61) == "a" * 59 + "…"
    assert max(map(len, _style.wrap("some words " * 9).split("\n"))) <= 22
    assert _style.wrap("") == ""


def test_regions_as_text():
    assert _style.in_kb(-500, 1500) == "\N{MINUS SIGN}0.5 to +1.5 kb"
    assert _style.in_kb(0, 5000) == "0 to +5 kb"
    assert _style.with_minus("-1e-05") == "\N{MINUS SIGN}1e\N{MINUS SIGN}05"


def test_every_display_draws_on_axes_of_the_user():
    displays = [getattr(plots, name) for name in plots.__all__ if name.endswith("Display")]
    assert len(displays) == 15
    for display in displays:
        assert {"ax", "axes"} & set(signature(display.plot).parameters), display.__name__
