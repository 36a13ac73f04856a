"""Mean profiles: what is drawn is what was computed."""

import numpy as np
import pytest

from histoexpr import (
    ProfileDisplay,
    make_histone_cells,
)

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 120, random_state=0)


def test_profiles_are_means_by_label(data):
    display = ProfileDisplay.from_dataset(data)
    assert [ax.get_title() for ax in display.axes_] == data.marks
    silent, expressed = display.axes_[3].get_lines()[:2]
    np.testing.assert_allclose(silent.get_ydata(), data.X[data.y == 0, :, 3].mean(axis=0))
    np.testing.assert_allclose(expressed.get_ydata(), data.X[data.y == 1, :, 3].mean(axis=0))
    np.testing.assert_allclose(expressed.get_xdata(), data.bin_positions / 1000)
    assert expressed.get_label().startswith("expressed (180")
    error = data.X[data.y == 1, :, 3].std(axis=0, ddof=1) / np.sqrt(180)
    np.testing.assert_allclose(display.errors["expressed"][:, 3], error)
    with pytest.raises(ValueError, match="axes must be 5 matplotlib Axes, one per mark, got 1"):
        display.plot(axes=[display.axes_[0]])


def test_profiles_with_other_labels_and_many_marks():
    rng = np.random.default_rng(0)
    X, y = rng.random((20, 4, 7)), np.array(["a", "b", "c", "d"] * 5)
    marks = [f"m{i}" for i in range(7)]
    display = ProfileDisplay.from_arrays(X, y, positions=np.arange(4) * 100.0, marks=marks)
    assert len(display.axes_) == 7
    assert len(display.axes_[0].get_lines()) == 5  # and the TSS
    labelled = [bool(ax.get_ylabel()) for ax in display.axes_]
    assert labelled == [True, False, False, False, False, True, False]


def test_axes_of_the_user(data):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3, layout="constrained")
    display = ProfileDisplay.from_dataset(data, axes=axes)
    assert [ax.get_visible() for ax in axes.ravel()] == [True] * 5 + [False]
    assert len(figure.legends) == 1
    assert display.plot(axes=display.axes_) is display
    assert len(figure.legends) == 1
    assert len(display.axes_[0].get_lines()) == 3


def test_what_does_not_belong_together_is_refused(data):
    for other in (3, "folder", data.X):
        with pytest.raises(TypeError, match=r"dataset must be .*HistoneDataset, got .*load_data"):
            ProfileDisplay.from_dataset(other)
    axis = {"positions": data.bin_positions, "marks": data.marks}
    with pytest.raises(ValueError, match=r"X must have shape"):
        ProfileDisplay.from_arrays(data.X[0], data.y, **axis)
    with pytest.raises(ValueError, match=r"y has shape \(5,\).*one per sample"):
        ProfileDisplay.from_arrays(data.X, data.y[:5], **axis)
    with pytest.raises(ValueError, match=r"positions has shape \(3,\).*one per bin"):
        ProfileDisplay.from_arrays(data.X, data.y, **axis | {"positions": [0, 1, 2]})
    with pytest.raises(ValueError, match="2 mark names"):
        ProfileDisplay.from_arrays(data.X, data.y, **axis | {"marks": ["a", "b"]})
    lists = ProfileDisplay.from_arrays(data.X.tolist(), data.y.tolist(), **axis)
    np.testing.assert_allclose(lists.profiles["1"], data.X[data.y == 1].mean(axis=0))
