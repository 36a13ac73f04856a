"""Coefficients by region: what is drawn is what the model has."""

import numpy as np
import pytest

from histoexpr import (
    HistoneCNNClassifier,
    HistoneLinearClassifier,
    HistoneLinearRegressor,
    RegionWeightsDisplay,
    make_histone_cells,
)

pytestmark = pytest.mark.usefixtures("close_figures")


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(1, 120, random_state=0)


def test_squares_are_coefficients_at_their_places(data):
    model = HistoneLinearClassifier(n_regions=10).fit(data)
    display = RegionWeightsDisplay.from_estimator(model)
    (ax,) = display.axes_
    image = ax.images[0]
    np.testing.assert_array_equal(image.get_array(), model.coef_.T)
    assert image.get_extent() == [-5, 5, 4.5, -0.5]
    assert [label.get_text() for label in ax.get_yticklabels()] == data.marks
    assert len(ax.texts) == 50
    low, high = image.get_clim()
    assert low == -high
    assert high == pytest.approx(np.abs(model.coef_).max())
    other = RegionWeightsDisplay.from_estimator(model, target=0)
    np.testing.assert_array_equal(other.weights, -model.coef_)


def test_mirrored_models_have_means_and_differences(data):
    model = HistoneLinearClassifier(n_regions=4, mirror=True).fit(data)
    display = RegionWeightsDisplay.from_estimator(model)
    titles = [ax.get_title() for ax in display.axes_]
    assert titles == ["mean of both sides", "difference of the sides"]
    np.testing.assert_array_equal(display.axes_[1].images[0].get_array(), model.coef_[2:].T)
    assert display.axes_[0].images[0].get_extent()[:2] == [5, 0]  # from far to near


def test_regressors_and_several_classes(data):
    regressor = HistoneLinearRegressor(n_regions=5).fit(data)
    display = RegionWeightsDisplay.from_estimator(regressor)
    assert display.label == "change of the target"
    labels = data.y + 2 * (np.arange(len(data)) % 3 == 0)
    several = HistoneLinearClassifier(n_regions=5).fit(data.X, labels)
    with pytest.raises(ValueError, match=r"target must be one of \[0, 1, 2, 3\], got None"):
        RegionWeightsDisplay.from_estimator(several)
    display = RegionWeightsDisplay.from_estimator(several, target=2)
    np.testing.assert_array_equal(display.weights, several.coef_[2])
    assert display.axes_[0].get_xlabel() == "bin"


def test_other_estimators_are_refused(data):
    with pytest.raises(TypeError, match="HistoneCNNClassifier has no coefficients by region"):
        RegionWeightsDisplay.from_estimator(HistoneCNNClassifier())
