"""Co-occurrence of marks, drawn."""

import numpy as np
import pytest

from histoexpr.inspection import mark_cooccurrence
from histoexpr.plots import MarkCooccurrenceDisplay
from support.planted import planted_pairs

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def planted():
    return planted_pairs()


def test_cooccurrence_is_drawn_on_shared_scales(planted):
    sets = {"planted": planted, "mixed": np.random.default_rng(0).permuted(planted, axis=0)}
    display = MarkCooccurrenceDisplay.from_maps(
        sets, marks=["a", "b", "c"], n_windows=5, confidence=0.9999
    )
    assert display.axes_.shape == (3, 2)
    scales = {ax.collections[0].get_clim() for row in (1, 2) for ax in display.axes_[row]}
    assert len(scales) == 1
    low, high = scales.pop()
    assert low == -high
    # the planted pair is the second, a + c, at 0.5 to 1.5 kb
    dots = [ax.lines[1].get_xydata().tolist() for ax in display.axes_[1]]
    assert dots == [[[1.0, 1.0]], []]
    thresholds = [found.thresholds for found in display.found.values()]
    np.testing.assert_array_equal(*thresholds)
    assert display.plot(beside=False).axes_.shape == (2, 2)
    assert display.plot(kind="matrix") is display
    assert display.axes_.shape == (1, 2)
    values = display.axes_[0, 0].collections[0].get_array()
    np.testing.assert_allclose(values.filled(0), values.filled(0).T)
    row, column = 0 * 5 + 3, 2 * 5 + 3  # mark a and mark c in the fourth window
    assert values[row, column] == display.found["planted"].log2_odds[3, 0, 3, 2]
    with pytest.raises(ValueError, match="'kind'"):
        display.plot(kind="circle")
    alone = mark_cooccurrence(planted[:, :, :1], n_windows=5)
    with pytest.raises(ValueError, match="single mark"):
        MarkCooccurrenceDisplay({"alone": alone}).plot()
    assert MarkCooccurrenceDisplay({"alone": alone}).plot(kind="matrix").axes_.shape == (1, 1)
    with pytest.raises(ValueError, match="'other' has other marks"):
        MarkCooccurrenceDisplay(display.found | {"other": mark_cooccurrence(planted, n_windows=5)})


def test_cooccurrence_by_class_takes_thresholds_from_all(planted):
    y = np.arange(len(planted)) % 2
    display = MarkCooccurrenceDisplay.from_signals(planted, y, n_windows=5)
    assert list(display.found) == ["expressed", "not expressed"]
    for found, label in zip(display.found.values(), (1, 0), strict=True):
        direct = mark_cooccurrence(planted[y == label], reference=planted, n_windows=5)
        np.testing.assert_array_equal(found.present, direct.present)
    words = MarkCooccurrenceDisplay.from_signals(planted, np.where(y, "b", "a"), n_windows=5)
    assert list(words.found) == ["class b", "class a"]
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[600, 50\]"):
        MarkCooccurrenceDisplay.from_signals(planted, y[:50])


def test_sets_and_axes_that_do_not_fit_are_named(planted):
    import matplotlib.pyplot as plt

    draw = MarkCooccurrenceDisplay.from_maps
    for maps, message in (
        ({}, "at least one, got {}"),
        ([planted], "must be a dict"),
        ({"a": planted, "b": planted[:, :, :2]}, r"maps\['b'\] has .* \(50, 2\)"),
        ({"a": planted[:, 0]}, r"maps\['a'\] must have shape"),
    ):
        with pytest.raises(ValueError, match=message):
            draw(maps)
    with pytest.raises(ValueError, match="empty"):
        MarkCooccurrenceDisplay({})
    with pytest.raises(ValueError, match=r"axes must be 6 .*3 for each.*got 2"):
        draw({"a": planted, "b": planted}, axes=plt.subplots(1, 2)[1])


def test_cooccurrence_on_axes_of_the_user(planted):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(3, 3)
    display = MarkCooccurrenceDisplay.from_maps(
        {"a": planted, "b": planted}, axes=axes[:, 1:], marks=["$a", "b", "c"]
    )
    figure.draw_without_rendering()
    names = [[name.get_text() for name in ax.get_yticklabels()] for ax in display.axes_[0]]
    assert names == [["$a", "b", "c"], []]
    assert len(figure.axes) == 9 + 3
    display.plot(axes=display.axes_)
    assert len(figure.axes) == 9 + 3  # the scales of before are gone
    assert len(display.axes_[0, 0].collections) == 1


def test_what_is_no_cooccurrence_is_refused():
    with pytest.raises(TypeError, match=r"found must be a dict, got int.*mark_cooccurrence"):
        MarkCooccurrenceDisplay(3)
    with pytest.raises(TypeError, match=r"found\['a'\] must be a MarkCooccurrence, got ndarray"):
        MarkCooccurrenceDisplay({"a": np.ones((2, 3, 4))})


def test_maps_have_open_dots_beyond_their_null():
    from histoexpr.inspection import ClassMaps
    from support.planted import Known

    X = np.random.default_rng(0).poisson(2, (300, 4, 3)).astype(float)
    X[:, :, 2] = X[:, :, 0]
    maps = ClassMaps(X[:60], Known().predict_proba(X[:60])[:, 1], 1, "data")
    display = MarkCooccurrenceDisplay.from_maps(
        {"maps": maps}, classifier=Known(), reference=X, n_windows=1, n_draws=5, random_state=0
    )
    found = display.found["maps"]
    drawn = [ax.collections[0].get_array().ravel() for ax in display.axes_[:, 0]]
    at = 0, [0, 0, 1], 0, [1, 2, 2]
    np.testing.assert_allclose(drawn[1], found.excess[at])
    np.testing.assert_allclose(drawn[2], found.null_mean[at])
    dots = display.axes_[1, 0].lines[1]
    assert dots.get_markerfacecolor() == "none"
    reach = 2 * np.sqrt(1 + 1 / 5) * found.null_sd[at]
    assert dots.get_ydata().tolist() == np.flatnonzero(np.abs(found.excess[at]) > reach).tolist()
    assert 1 in dots.get_ydata()  # the marks that are the same
    label = display.figure_.axes[-2].get_ylabel()
    assert "2 s.d. from its null" in label
    assert "interval" not in label
