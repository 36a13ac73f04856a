"""The history of training, drawn."""

import numpy as np
import pytest
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from histoexpr import (
    HistoneCNNClassifier,
    HistoneCNNRegressor,
    HistoneLinearClassifier,
    SignalGenerator,
    SignalScaler,
    TrainingHistoryDisplay,
    make_histone_cells,
)

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 120, random_state=0)


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
    linear.figure_.draw_without_rendering()
    assert set(linear.axes_[0].get_xticks()) <= {0, 1, 2}  # an epoch is a whole number


def test_history_of_a_regressor(data):
    reg = HistoneCNNRegressor(
        n_filters=4, hidden_sizes=(8,), max_epochs=3, early_stopping=True, random_state=0
    ).fit(data)
    display = TrainingHistoryDisplay.from_estimator(reg)
    assert display.axes_[0].get_ylabel() == "squared error, target scaled to 1"
    assert display.axes_[1].get_ylabel() == "R²"
    drawn = display.axes_[1].get_lines()[0].get_ydata()
    np.testing.assert_array_equal(drawn, reg.validation_scores_)


def test_panels_and_axes_have_to_agree(data):
    history = [{"epoch": 1, "train_loss": 0.7}, {"epoch": 2, "train_loss": 0.6}]
    display = TrainingHistoryDisplay(history, best_epoch=2).plot(name="a model")
    assert display.figure_.get_suptitle() == "a model"
    assert display.plot(axes=display.axes_) is display
    assert len(display.axes_[0].get_lines()) == 2  # the loss and the epoch kept
    history[0]["valid_auroc"] = 0.8
    with pytest.raises(ValueError, match="2 matplotlib Axes, for cross-entropy and AUROC"):
        display.plot(axes=display.axes_)


def test_history_needs_a_fitted_classifier():
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError):
        TrainingHistoryDisplay.from_estimator(HistoneCNNClassifier())


def test_searches_pipelines_and_generators(data):
    X, y = data.return_X_y()
    cnn = HistoneCNNClassifier(n_filters=4, hidden_sizes=(8,), max_epochs=2, random_state=0)
    inner = make_pipeline(SignalScaler(), cnn)
    search = GridSearchCV(inner, {"histonecnnclassifier__lr": [1e-3]}, cv=2).fit(X, y)
    display = TrainingHistoryDisplay.from_estimator(search)
    assert display.history is search.best_estimator_[-1].history_

    tiny = {"n_steps": 6, "eval_every": 2, "encoder_steps": 2, "width": 4, "batch_size": 16}
    generator = SignalGenerator(**tiny, random_state=0).fit(X, y)
    display = TrainingHistoryDisplay.from_estimator(generator)
    assert [ax.get_ylabel() for ax in display.axes_] == ["critic's gap", "fidelity error"]
    errors = display.axes_[1].get_lines()[0]
    assert errors.get_xdata().tolist() == [2, 4, 6]
    assert errors.get_ydata().tolist() == [row["fidelity_error"] for row in generator.history_]
    assert display.axes_[0].get_xlabel() == "step"


def test_what_has_no_history_is_told(data):
    X, y = data.return_X_y()
    bagging = BaggingClassifier(LogisticRegression(), n_estimators=2).fit(X.sum(axis=1), y)
    with pytest.raises(TypeError, match=r"BaggingClassifier has no history of training. Pass a"):
        TrainingHistoryDisplay.from_estimator(bagging)
    with pytest.raises(NotFittedError):
        TrainingHistoryDisplay.from_estimator(HistoneCNNClassifier())
