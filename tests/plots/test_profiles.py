"""Displays: what is drawn is what was computed."""

import numpy as np
import pytest

from histoexpr import (
    CrossCellDisplay,
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    ProfileDisplay,
    TrainingHistoryDisplay,
    make_histone_cells,
)

matplotlib = pytest.importorskip("matplotlib")


@pytest.fixture(autouse=True)
def _no_window():
    import matplotlib.pyplot as plt

    with matplotlib.rc_context({"backend": "agg"}):
        yield
    plt.close("all")


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
    with pytest.raises(ValueError, match="1 axes for 5 marks"):
        display.plot(axes=[display.axes_[0]])


def test_profiles_with_other_labels_and_many_marks():
    rng = np.random.default_rng(0)
    X, y = rng.random((20, 4, 7)), np.array(["a", "b", "c", "d"] * 5)
    marks = [f"m{i}" for i in range(7)]
    display = ProfileDisplay.from_arrays(X, y, positions=np.arange(4) * 100.0, marks=marks)
    assert len(display.axes_) == 7
    assert len(display.axes_[0].get_lines()) == 5  # and the TSS


def test_heatmap_shows_the_matrix_and_the_consensus(data):
    display = CrossCellDisplay.from_estimator(HistoneLinearClassifier(), data)
    shown = display.im_.get_array()
    np.testing.assert_array_equal(shown, display.scores)
    labels = [text.get_text() for text in display.ax_.get_yticklabels()]
    assert labels == [*data.cells, "same-gene\nconsensus"]
    texts = [text.get_text() for text in display.ax_.texts]
    assert texts[0] == f"{display.scores[0, 0]:.3f}".lstrip("0")
    assert texts[-1] == f"{display.consensus[-1]:.3f}".lstrip("0")
    baseline = display.ax_.images[1]
    assert baseline.get_clim() == display.im_.get_clim()


def test_heatmap_of_many_cells_and_of_smaller_is_better():
    scores = np.linspace(0, 1, 400).reshape(20, 20)
    names = [f"E{i:03d}" for i in range(20)]
    display = CrossCellDisplay(scores, names, names, metric="brier_score_loss").plot(title="t")
    assert len(display.ax_.texts) == 0
    assert display.im_.get_cmap().name == "viridis_r"
    assert display.ax_.get_title() == "t"


def test_history_of_training(data):
    X, y = data.return_X_y()
    clf = HistoneCNNClassifier(n_filters=4, hidden_sizes=(8,), max_epochs=3, random_state=0)
    clf.fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    display = TrainingHistoryDisplay.from_estimator(clf)
    train = display.axes_[0].get_lines()[0]
    np.testing.assert_array_equal(train.get_xdata(), [1, 2, 3])
    assert train.get_ydata()[1] == clf.history_[1]["train_loss"]
    auroc = display.axes_[1].get_lines()[0]
    assert auroc.get_ydata()[-1] == clf.history_[-1]["valid_auroc"]
    linear = TrainingHistoryDisplay.from_estimator(HistoneLinearClassifier().fit(X, y))
    assert len(linear.axes_) == 1


def test_history_needs_a_fitted_classifier():
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError):
        TrainingHistoryDisplay.from_estimator(HistoneCNNClassifier())
