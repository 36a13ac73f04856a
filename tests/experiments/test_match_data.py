"""Data made like those of a model."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.experiments._match_data import match_data

COUNTING = {"K4": {"rule": "5prime"}, "K27": {"rule": "5prime"}}


def make(n_bins=8, marks=("K4", "K27"), oriented=True, **changes):
    n = 4
    X = np.arange(n * n_bins * len(marks)).reshape(n, n_bins, len(marks))
    parts = {"cell": ["A"] * n, "gene": list("abcd"), "strand": list("+-+-")}
    parts |= {"marks": marks, "bin_size": 50, "oriented": oriented}
    parts |= {"meta": {"counting": {mark: {"rule": "5prime"} for mark in marks}}}
    return HistoneDataset(parts.pop("X", X), **(parts | changes))


def info(**changes):
    signals = {"marks": ["K4", "K27"], "bin_size": 50, "window": [-200, 200], "oriented": True}
    signals |= {"n_bins": 8, "n_marks": 2}
    training = {"counting": COUNTING, "depth": None, "cells": ["X"]}
    names = {name: changes.pop(name) for name in ("counting", "depth") if name in changes}
    return {"signals": signals | changes, "training": training | names}


def test_what_is_alike_is_left_as_it_is():
    data = make()
    same, notes = match_data(data, info())
    assert same is data
    assert notes == []
    unknown = dict.fromkeys(("marks", "bin_size", "window", "oriented"))
    assert match_data(data, info(**unknown))[0] is data


def test_marks_are_taken_by_name_in_any_case():
    data = make(marks=["h3", "K27", "k4"])
    found, notes = match_data(data, info())
    assert found.marks == ["K4", "K27"]
    np.testing.assert_array_equal(found.X, data.X[:, :, [2, 1]])
    assert notes == ["Marks that the model does not know are left out: h3."]
    swapped, notes = match_data(make(marks=["K27", "K4"]), info())
    assert notes == []
    assert swapped.marks == ["K27", "K4"]  # estimators put them in order


def test_missing_marks_name_the_models_that_serve_without():
    with pytest.raises(ValueError, match=r"Missing: K27\. .*MarkSubsetClassifier.*--mark-subsets"):
        match_data(make(marks=["K4"]), info())
    found, notes = match_data(make(marks=["K4", "H3"]), info(), may_lack_marks=True)
    assert found.marks == ["K4", "K27"]
    assert np.isnan(found.X[:, :, 1]).all()
    assert "The data lack K27" in notes[1]
    with pytest.raises(ValueError, match="No mark of the data is one of the model"):
        match_data(make(marks=["H3", "H4"]), info(), may_lack_marks=True)


@pytest.mark.parametrize(("rule", "way"), [("5prime", "sum"), ("sum", "sum"), ("mean", "mean")])
def test_bins_are_joined_where_that_is_exact(rule, way):
    data = make(n_bins=12, meta={"counting": {mark: {"rule": rule} for mark in ("K4", "K27")}})
    model = info(bin_size=100, window=(-200, 200), counting=None)
    found, notes = match_data(data, model)
    pairs = data.X[:, 2:10].reshape(4, 4, 2, 2)
    np.testing.assert_allclose(found.X, getattr(pairs, way)(axis=2))
    assert (found.bin_size, found.window) == (100, (-200, 200))
    assert "Bins of 50 bp from -300 to +300 bp were made bins of 100 bp" in notes[0]
    # by hand: the first gene, first mark, bins 2 and 3 hold 4 and 6
    assert found.X[0, 0, 0] == (10 if way == "sum" else 5)


def test_rules_may_differ_between_marks():
    rules = {"K4": {"rule": "mean"}, "K27": {"rule": "sum"}}
    found, _ = match_data(make(meta={"counting": rules}), info(bin_size=100, counting=None))
    np.testing.assert_allclose(found.X[0, 0], [(0 + 2) / 2, 1 + 3])


def test_the_window_is_cut():
    data = make(n_bins=12)
    found, notes = match_data(data, info())
    np.testing.assert_array_equal(found.X, data.X[:, 2:10])
    assert found.window == (-200, 200)
    assert "cut to the window of the model" in notes[0]


@pytest.mark.parametrize(
    ("changes", "model", "message"),
    [
        ({"n_bins": 4}, {}, "from -100 to .100 bp, the model needs .*-200 to .200.*reach further"),
        ({"bin_size": 40, "window": (-200, 120)}, {}, "reach further"),
        ({"n_bins": 10, "bin_size": 40}, {}, "which cannot be made of those"),
        ({"bin_size": 100, "n_bins": 4}, {}, "which cannot be made of those"),
        ({"meta": {}}, {"bin_size": 100}, "K4 was counted by a rule that is not known"),
        (
            {"meta": {"counting": {"K4": {"rule": "overlap"}}}},
            {"bin_size": 100},
            "K4 was counted by the rule 'overlap'",
        ),
        (
            {"meta": {"counting": COUNTING, "control": {"method": "subtract"}}},
            {"bin_size": 100},
            "a control was taken into account bin by bin",
        ),
        (
            {"meta": {"parts": [{"counting": COUNTING}, {"counting": {"K4": {"rule": "mean"}}}]}},
            {"bin_size": 100},
            "K4 holds sums in some cells, means in others",
        ),
    ],
)
def test_what_is_not_exact_is_refused_by_both_sides(changes, model, message):
    with pytest.raises(ValueError, match=message):
        match_data(make(**changes), info(**model))


def test_bins_are_turned():
    data = make(oriented=False)
    found, notes = match_data(data, info())
    np.testing.assert_array_equal(found.X, data.orient().X)
    assert "minus strand were turned" in notes[0]
    with pytest.raises(ValueError, match=r"bins along the genome, the model needs bins along tr"):
        match_data(make(oriented=False, strand=None), info())
    same, notes = match_data(make(oriented=None), info())
    assert "not known which way bins run" in notes[0]
    assert same.oriented is None


def test_other_rules_and_far_depths_are_said():
    rules = {"K4": {"rule": "overlap"}, "K27": {"rule": "5prime"}}
    _, notes = match_data(make(), info(counting=rules))
    assert len(notes) == 1
    assert "K4 was counted by the rule '5prime', in training by 'overlap'" in notes[0]
    data = make()
    mean = {mark: float(data.X[:, :, place].mean()) for place, mark in enumerate(data.marks)}
    near = {"X": {"K4": mean["K4"] * 2.9, "K27": mean["K27"]}}
    assert match_data(data, info(depth=near))[1] == []
    far = {"X": {"K4": mean["K4"] * 3.2, "K27": mean["K27"] / 2}, "Y": near["X"] | {"K4": 1e6}}
    [note] = match_data(data, info(depth=far))[1]
    assert "in cell A" in note
    assert "K4 31 (training cells 99.2 to 1e+06)" in note
    assert "K27" not in note
    many = HistoneDataset.concat([make(cell=[name] * 4) for name in "ABCDEFGHIJ"])
    notes = match_data(many, info(depth={"X": {"K4": 1e9, "K27": 1e9}}))[1]
    assert len(notes) == 7
    assert notes[-1] == "So it is in 4 more cells."
