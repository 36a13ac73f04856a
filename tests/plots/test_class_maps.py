"""Class maps, drawn."""

import io
from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from histoexpr.inspection import ClassMaps
from histoexpr.plots import ClassMapDisplay
from support.pixels import colours_in

pytestmark = pytest.mark.usefixtures("close_figures")


def maps_of(n_bins=100, n_marks=5, **params):
    signals = np.random.default_rng(0).poisson(3, (4, n_bins, n_marks)).astype(float)
    return ClassMaps(signals, np.full(4, 0.5), 1, "data", **params)


class _Mean(BaseEstimator):
    """The probability of class 1 is the mean signal over ten."""

    classes_ = np.array([0, 1])

    def fit(self, X, y=None):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def predict_proba(self, X):
        p = np.mean(X, axis=(1, 2)) / 10
        return np.stack([1 - p, p], axis=1)


def levels(*means):
    return np.ones((len(means), 20, 2)) * np.array(means)[:, None, None]


def subplots(*shape, **params):
    import matplotlib.pyplot as plt

    return plt.subplots(*shape, **params)[1]


@pytest.mark.parametrize("dpi", [72, 100, 150])
def test_no_mark_is_smeared_into_others(dpi):
    from matplotlib.transforms import Bbox

    signals = np.zeros((2, 100, 5))
    signals[:, ::2, 2] = 50
    maps = ClassMaps(signals, np.ones(2), 1, "data")
    display = ClassMapDisplay.from_maps({"a": maps, "b": maps})
    figure = display.figure_
    figure.savefig(io.BytesIO())  # lays the panels out
    left = display.axes_[0].transData.transform([[-4.9, 1.45], [-0.2, -0.45]])
    assert len(colours_in(figure, Bbox(left), dpi=dpi)) == 1
    middle = display.axes_[0].transData.transform([[-4.9, 2.4], [-0.2, 1.6]])
    assert len(colours_in(figure, Bbox(middle), dpi=dpi)) == 2


@pytest.mark.parametrize(
    ("maps", "params", "message"),
    [
        ({}, {}, "at least one, got {}"),
        ([maps_of()], {}, "must be a dict"),
        ({"a": maps_of(), "b": maps_of(n_marks=3)}, {}, r"maps\['b'\] has .* \(100, 3\)"),
        ({"a": maps_of(), "b": maps_of(50)}, {"kind": "profile"}, r"\(50, 5\), but maps\['a'\]"),
        (
            {"a": maps_of(n_marks=2, marks=["x", "y"]), "b": maps_of(n_marks=2, marks=["y", "x"])},
            {},
            r"a has the marks \['x', 'y'\], but b has",
        ),
        ({"a": maps_of()}, {"marks": "abcde"}, "1 mark names"),
        ({"a": maps_of()}, {"marks": ["a", "b"]}, "2 mark names"),
        ({"a": maps_of()}, {"window": (-100, 100)}, "spans 200 bp, but 100 bins"),
        ({"a": maps_of()}, {"window": (5000, -5000)}, "spans -10000 bp"),
        ({"a": maps_of()}, {"window": "abc"}, "window must be"),
        ({"a": maps_of()}, {"bin_size": -100}, "bin_size must be a positive integer"),
    ],
)
def test_maps_that_do_not_fit_are_named(maps, params, message):
    with pytest.raises(ValueError, match=message):
        ClassMapDisplay.from_maps(maps, **params)


def test_windows():
    assert ClassMapDisplay.from_maps({"a": maps_of(101)}).window == (-5000, 5100)
    away = ClassMapDisplay.from_maps({"a": maps_of()}, window=(1000, 11000))
    assert away.axes_[0].get_xlim() == (1, 11)
    wide = ClassMapDisplay.from_maps({"a": maps_of(10)}, bin_size=200, kind="profile")
    np.testing.assert_allclose(wide.axes_[0].lines[0].get_xdata(), np.arange(-0.9, 1, 0.2))


def test_axes_of_the_user():
    two = {"a": maps_of(n_marks=3), "b": maps_of(n_marks=3)}
    axes = subplots(2, 3, figsize=(9, 5), sharey="row")
    display = ClassMapDisplay.from_maps(two, axes=axes[0, 1:], marks=["$x", "y", "z"])
    assert all(ax.get_visible() for ax in axes.ravel())
    # the names stand beside the first of them, wherever that is
    names = [[name.get_text() for name in ax.get_yticklabels()] for ax in display.axes_]
    assert names == [["$x", "y", "z"], []]
    for wrong in (axes, axes[0, 0], axes[0, :1], [None, None]):
        with pytest.raises(ValueError, match=r"axes must be 2 matplotlib Axes, one per map, got"):
            display.plot(axes=wrong)
    with pytest.raises(ValueError, match=r"axes must be 3 matplotlib Axes, one per mark, got 2"):
        display.plot(kind="profile", axes=axes[0, 1:])
    # without a layout that makes room for a legend it stands within a panel
    profiles = ClassMapDisplay.from_maps(two, kind="profile", axes=axes[1])
    assert not display.figure_.legends
    legend = profiles.axes_[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"]


@pytest.mark.parametrize("layout", ["constrained", None])
@pytest.mark.parametrize("kind", ["heatmap", "profile"])
def test_drawn_again_on_its_own_axes(kind, layout):
    three = {name: maps_of(n_marks=3) for name in "abc"}
    axes = subplots(1, 3, layout=layout, figsize=(9, 3))
    display = ClassMapDisplay.from_maps(three, axes=axes)
    figure = display.figure_
    display.plot(kind=kind, axes=display.axes_)
    figure.draw_without_rendering()
    fresh = ClassMapDisplay.from_maps(
        three, kind=kind, axes=subplots(1, 3, layout=layout, figsize=(9, 3))
    )
    fresh.figure_.draw_without_rendering()
    assert len(figure.axes) == len(fresh.figure_.axes)
    assert len(figure.legends) == len(fresh.figure_.legends)
    for ax, other in zip(display.axes_, fresh.axes_, strict=True):
        assert len(ax.get_children()) == len(other.get_children())
        np.testing.assert_allclose(ax.get_position(), other.get_position(), atol=0.01)


def test_figures_have_no_empty_panels():
    display = ClassMapDisplay.from_maps({f"{number}": maps_of() for number in range(6)})
    assert len(display.figure_.axes) == 6 + 1
    labelled = [len(ax.get_yticklabels()) for ax in display.axes_]
    assert labelled == [5, 0, 0, 0, 5, 0]


def test_long_names_fit():
    maps = {
        f"class {number} of a very long classifier name and cell type E{number:03d}": maps_of(
            50, 6
        )
        for number in range(6)
    }
    for kind in ("heatmap", "profile"):
        display = ClassMapDisplay.from_maps(maps, kind=kind)
        figure = display.figure_
        figure.draw_without_rendering()
        for row in np.split(display.axes_, [4 if kind == "heatmap" else 5]):
            titles = [ax.title.get_window_extent() for ax in row]
            assert all(a.x1 < b.x0 for a, b in pairwise(titles))
        for legend in figure.legends:
            box = legend.get_window_extent()
            assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1


def test_every_line_of_profiles_is_its_own():
    for n_bins in (1, 20):
        maps = {f"{number}": maps_of(n_bins, 2) for number in range(9)}
        display = ClassMapDisplay.from_maps(maps, kind="profile")
        lines = display.axes_[0].lines[:9]
        assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 9
        assert all(len(line.get_xdata()) >= 2 for line in lines)
    one = ClassMapDisplay.from_maps({"a": maps_of(1, 2)}, kind="profile").axes_[0]
    assert one.lines[0].get_xdata().tolist() == [0, 0.1]  # from end to end of the bin
    height = np.log1p(maps_of(1, 2).average[0, 0])
    np.testing.assert_allclose(one.lines[0].get_ydata(), height)
    band = one.collections[0].get_paths()[0].get_extents()
    assert band.height > 0
    assert band.width == pytest.approx(0.1)


def test_titles_state_what_was_reached():
    X = levels(0.5, 3.1, 5.2, 9.9)

    def titles(*probabilities):
        display = ClassMapDisplay.from_estimator(
            _Mean(), 1, probabilities=probabilities, method="data", X=X, n_maps=1
        )
        return list(display.maps)

    assert titles(0.05, 0.3, 0.51) == [
        "p(class 1) = 0.05", "p(class 1) = 0.3", "p(class 1) = 0.51"
    ]  # fmt: skip
    with pytest.warns(UserWarning, match="sought"):
        assert titles(0.12) == ["p(class 1) = 0.05 (sought 0.12)"]
    assert titles(0.999) == ["p(class 1) = 0.99 (sought 0.999)"]
    close = titles(0.9999999, 0.99999999)
    assert close[0].endswith("(sought 0.9999999)")
    assert close[1].endswith("(sought 0.99999999)")
    one = ClassMapDisplay.from_estimator(
        _Mean(), 1, probability=0.31, method="data", X=X, n_maps=1
    )
    assert list(one.maps) == ["p(class 1) = 0.31"]
    best = ClassMapDisplay.from_estimator(_Mean(), 1, method="data", X=X, n_maps=1)
    assert list(best.maps) == ["class 1"]


def test_probabilities_that_are_no_path_are_named():
    shared = {"method": "data", "X": levels(1, 2), "n_maps": 1}
    for probabilities in ([], [0.5, 0.5]):
        with pytest.raises(ValueError, match="probabilities must be"):
            ClassMapDisplay.from_estimator(_Mean(), 1, probabilities=probabilities, **shared)


def test_parameters_of_the_figure_pass_through_from_estimator():
    classifier = _Mean()
    classifier.mark_names_in_ = np.array(["H3K4me3", "H3K27me3"], dtype=object)
    axes = subplots()
    display = ClassMapDisplay.from_estimator(
        classifier, 1, method="data", X=levels(1, 2), n_maps=1, axes=axes, cmap="magma"
    )
    assert display.axes_.tolist() == [axes]
    assert axes.images[0].get_cmap().name == "magma"
    assert display.marks == ["H3K4me3", "H3K27me3"]
    named = ClassMapDisplay.from_estimator(
        classifier, 1, method="data", X=levels(1, 2), n_maps=1, marks=["a", "b"]
    )
    assert named.marks == ["a", "b"]


def test_names_of_marks_come_from_the_generator():
    import pandas

    from histoexpr import SignalGenerator

    rng = np.random.default_rng(0)
    columns = [f"{mark}:{number}" for mark in ("b", "a") for number in range(8)]
    X = pandas.DataFrame(rng.poisson(3, (30, 16)), columns=columns)
    generator = SignalGenerator(n_steps=1, width=2, encoder_steps=1, random_state=0).fit(X)
    display = ClassMapDisplay.from_estimator(_Mean(), 1, generator=generator, n_maps=2)
    assert display.marks == ["b", "a"]


def test_path_as_heatmaps_and_as_profiles():
    import matplotlib

    X = np.random.default_rng(0).poisson(np.linspace(1, 9, 40)[:, None, None], (40, 20, 3))
    params = {"method": "data", "X": X, "n_maps": 4}
    path = ClassMapDisplay.from_estimator(_Mean(), 1, probabilities=[0.2, 0.8], **params)
    assert len(path.axes_) == 2
    limits = {ax.images[0].get_clim() for ax in path.axes_}
    assert len(limits) == 1  # one colour scale
    for ax, maps in zip(path.axes_, path.maps.values(), strict=True):
        np.testing.assert_allclose(ax.images[0].get_array(), np.log1p(maps.average).T)
    assert path.plot(kind="profile") is path
    assert len(path.axes_) == 3
    first = next(iter(path.maps.values()))
    np.testing.assert_allclose(path.axes_[2].lines[0].get_ydata(), np.log1p(first.average)[:, 2])
    low, high = (matplotlib.colors.to_rgb(line.get_color()) for line in path.axes_[0].lines[:2])
    assert sum(low) < sum(high)  # from dark to light along the path
    with pytest.raises(ValueError, match="'kind'"):
        path.plot(kind="surface")
    with pytest.raises(ValueError, match="2 mark names"):
        ClassMapDisplay.from_maps(path.maps, marks=["a", "b"])


def test_what_are_no_maps_is_refused():
    with pytest.raises(TypeError, match=r"maps\['a'\] must be .*ClassMaps, got ndarray"):
        ClassMapDisplay.from_maps({"a": np.ones((2, 3, 4))})
    with pytest.raises(ValueError, match=r"probabilities must be a sequence.*got 0\.5"):
        ClassMapDisplay.from_estimator(None, 1, probabilities=0.5)


def test_each_mark_on_a_scale_of_its_own():
    signals = np.zeros((3, 10, 2))
    signals[:, 5, 0], signals[:, 2, 1] = 99, 3
    maps = {"a": ClassMaps(signals, np.ones(3), 1, "data", marks=["strong", "weak"])}
    maps["b"] = ClassMaps(signals / 3, np.ones(3), 1, "data", marks=["strong", "weak"])
    display = ClassMapDisplay.from_maps(maps, scale="mark")
    first, second = (ax.images[0].get_array() for ax in display.axes_)
    np.testing.assert_allclose(first, signals[0].T / [[99], [3]])
    np.testing.assert_allclose(second, first / 3)
    names = [name.get_text() for name in display.axes_[0].get_yticklabels()]
    assert names == ["strong (99)", "weak (3)"]
    assert display.axes_[0].images[0].get_clim() == (0, 1)
    assert "share of the mark's maximum" in display.figure_.axes[-1].get_ylabel()
    empty = ClassMaps(np.zeros((3, 10, 2)), np.ones(3), 1, "data")
    drawn = ClassMapDisplay.from_maps({"a": empty}, scale="mark").axes_[0].images[0].get_array()
    assert (drawn == 0).all()
    with pytest.raises(ValueError, match="'scale'"):
        display.plot(scale="own")
