"""What figures say of the direction of positions, from data sets to axes."""

import pytest

from histoexpr import HistoneLinearClassifier
from histoexpr.inspection import class_maps, mark_cooccurrence, mark_interactions
from histoexpr.plots import (
    ClassMapDisplay,
    MarkCooccurrenceDisplay,
    MarkInteractionDisplay,
    ProfileDisplay,
)
from support.small_datasets import make_dataset

pytestmark = pytest.mark.usefixtures("close_figures")
WORDS = {True: "downstream", False: "genome"}


def labels(display):
    return " ".join(ax.get_xlabel() for ax in display.figure_.axes)


def found_words(display):
    return [word in labels(display) for word in WORDS.values()]


@pytest.mark.parametrize("oriented", [True, False, None])
def test_axes_name_their_sides(oriented):
    data = make_dataset(n_genes=20, oriented=oriented)
    expected = [oriented is known for known in WORDS]
    model = HistoneLinearClassifier(device="cpu").fit(data)
    maps = class_maps(model, 1, method="data", X=data.X, n_maps=5)  # the classifier knows
    assert maps.oriented is oriented
    assert mark_cooccurrence(data, n_windows=3).oriented is oriented
    params = {"backgrounds": data.X, "regions": (0, 100), "null": None}
    assert mark_interactions(model, 1, (0, 1), **params).oriented is oriented
    for display in (
        ProfileDisplay.from_dataset(data),
        ClassMapDisplay.from_maps({"a": maps}),
        ClassMapDisplay.from_maps({"a": maps}, kind="profile"),
        MarkCooccurrenceDisplay.from_signals(data, n_windows=3),
        MarkCooccurrenceDisplay.from_signals(data, n_windows=3, kind="matrix"),
        MarkInteractionDisplay.from_estimator(model, 1, (0, 1), **params),
    ):
        assert found_words(display) == expected, type(display).__name__


def test_directions_are_not_mixed():
    data = make_dataset(n_genes=20, oriented=True)
    other = data.replace(oriented=False)
    model = HistoneLinearClassifier(device="cpu").fit(data)
    with pytest.raises(ValueError, match="fitted with bins along transcription"):
        model.predict(other)
    with pytest.raises(ValueError, match="X_val has bins along the genome"):
        HistoneLinearClassifier(device="cpu").fit(data, X_val=other)
    with pytest.raises(ValueError, match="run in different directions"):
        class_maps(model, 1, method="data", X=other, n_maps=2)
    with pytest.raises(ValueError, match="run in different directions"):
        mark_interactions(model, 1, (0, 1), backgrounds=other)
    with pytest.raises(ValueError, match="run in different directions"):
        MarkCooccurrenceDisplay.from_maps({"a": data, "b": other})
    sets = {"a": mark_cooccurrence(data, n_windows=3), "b": mark_cooccurrence(other, n_windows=3)}
    with pytest.raises(ValueError, match="Positions of some sets run along transcription"):
        MarkCooccurrenceDisplay(sets)
