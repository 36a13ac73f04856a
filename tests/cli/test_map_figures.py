"""The maps of the command ``maps``: each is made once, and titles state what it reached."""

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, load_model
from histoexpr.cli import _map_figures
from histoexpr.cli._map_figures import MapMaker, check_takes_signals, describe_maps, rows_of_maps
from histoexpr.inspection import ClassMaps

SETTINGS = {"n_maps": 4, "probability": 0.6, "path": (0.4, 0.6), "target": None, "seed": 0}


@pytest.fixture
def made(monkeypatch):
    """Replace the search by maps that reach 0.55 and record what was asked for."""
    asked = []

    def fake(classifier, target, *, method, probability, n_maps, **params):
        asked.append((target, method, probability, n_maps))
        scores = np.linspace(0.5, 0.6, n_maps)
        return ClassMaps(np.ones((n_maps, 20, 5)), scores, target, method, probability)

    monkeypatch.setattr(_map_figures, "class_maps", fake)
    return asked


def maker(kept_classifier, data, *kinds, **changes):
    return MapMaker(load_model(kept_classifier), data, kinds=kinds, **SETTINGS | changes)


def test_each_map_is_made_once(narrow_cells, kept_classifier, made):
    kinds = ("profiles", "maps", "path", "cooccurrence")
    found = maker(kept_classifier, narrow_cells, *kinds).make(None, quiet=True)
    assert list(found) == list(kinds)
    classes = [(c, method, 0.6) for c in (1, 0) for method in ("gan", "data")]
    assert made == [
        (1, "gan", 0.4, 4),
        (1, "gan", 0.6, 4),
        *[(*task, 4) for task in classes[1:]],
        *[(*task, 256) for task in classes],
    ]
    assert found["path"] == found["profiles"]
    assert [maps.probability for maps in found["path"].values()] == [0.4, 0.6]


def test_titles_state_what_was_reached(narrow_cells, kept_classifier, made):
    found = maker(kept_classifier, narrow_cells, "maps", probability=0.56).make(None, quiet=True)
    assert list(found["maps"]) == [
        "p(expressed) = 0.56, generated",
        "p(expressed) = 0.56, real genes",
        "p(not expressed) = 0.56, generated",
        "p(not expressed) = 0.56, real genes",
    ]
    found = maker(kept_classifier, None, "path", path=(0.2, 0.54)).make(None, quiet=True)
    assert list(found["path"]) == ["p(expressed) = 0.55 (sought 0.2)", "p(expressed) = 0.54"]


def test_classes_have_their_own_names(narrow_cells, made):
    y = np.where(narrow_cells.y == 1, "on", "off")
    classifier = HistoneLinearClassifier(n_regions=2).fit(narrow_cells.X, y)
    shared = {**SETTINGS, "target": "off", "path": (0.55,)}
    found = MapMaker(classifier, None, kinds=["path"], **shared).make(None, quiet=True)
    assert list(found["path"]) == ["p(class off) = 0.55"]
    with pytest.raises(
        ValueError, match="--class maybe: the classifier knows the classes off, on"
    ):
        MapMaker(classifier, None, kinds=["path"], **SETTINGS | {"target": "maybe"})


def test_no_more_real_genes_than_there_are(narrow_cells, kept_classifier, made):
    maker(kept_classifier, narrow_cells.take(range(7)), "cooccurrence").make(None, quiet=True)
    assert (1, "data", 0.6, 7) in made
    assert (1, "gan", 0.6, 256) in made


def test_rows_and_text():
    scores = np.linspace(0, 1, 101)
    maps = ClassMaps(np.ones((101, 20, 5)), scores, 1, "gan", 0.5, None, True)
    rows = rows_of_maps({"maps": {"a": maps}})
    assert rows[0]["median"] == pytest.approx(0.5)
    assert (rows[0]["low"], rows[0]["high"]) == pytest.approx((0.025, 0.975))
    text = describe_maps(rows, HistoneLinearClassifier())
    assert "0.500 (0.025 to 0.975)" in text
    assert "Gradients do not pass through this HistoneLinearClassifier" in text
    assert max(map(len, text.splitlines())) < 100


def test_models_are_tried_on_signals_of_their_shape(kept_classifier):
    class Needy:
        def predict_proba(self, X):
            raise ValueError(f"{X.shape} lacks names.")

    with pytest.raises(ValueError, match=r"\(2, 20, 5\) lacks names. .*this Needy takes more"):
        check_takes_signals(Needy(), (20, 5))
    check_takes_signals(Needy(), (None, 5))
    check_takes_signals(load_model(kept_classifier), (20, 5))
