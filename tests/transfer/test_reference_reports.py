import numpy as np

from histoexpr.transfer._reference_reports import EXPLAINED, RELATED, _report
from histoexpr.transfer._similar_cells import SimilarCells

CELLS = np.array(["a", "b", "c", "d"])


def test_relatives_are_told_by_the_nearest_reference():
    near = SimilarCells(CELLS, np.zeros(4), np.array([0.1, RELATED, 0.3, -0.5]), 0.2)
    found = _report(900, 800, near)
    assert found["most_similar"] == "b, c, a"
    assert (found["case"], found["resemblance"], found["explained"]) == ("relatives", RELATED, 0.2)
    far = near._replace(resemblance=near.resemblance - 0.01)
    assert _report(900, 800, far)["case"] == "no relatives"
    chance = near._replace(explained=EXPLAINED / 2)
    assert _report(900, 800, chance)["case"] == "no relatives"


def test_what_cannot_be_told_is_said():
    assert _report(50, 50, SimilarCells.unknown(CELLS))["case"] == "too few genes"
    assert _report(50, 0, None)["case"] == "no reference"
    assert np.isnan(_report(50, 0, None)["resemblance"])
