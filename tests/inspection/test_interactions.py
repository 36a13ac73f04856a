"""Interactions of marks in classifiers of which they are known."""

import numpy as np
import pytest

from histoexpr import HistoneDataset, HistoneLinearClassifier
from histoexpr.inspection import mark_interaction_matrix, mark_interactions
from support.planted import Both, Known, KnownWithDecision, OtherDecision


@pytest.mark.parametrize("c", [0.0, 0.5])
def test_interactions_are_those_put_in(c):
    levels = [0, 1, 2]
    found = mark_interactions(Known(c), 1, (0, 1), backgrounds=np.ones((4, 6, 3)), levels=levels)
    a, b = np.meshgrid(levels, levels, indexing="ij")
    np.testing.assert_allclose(found.scores, 2 * a - b + c * a * b, atol=1e-9)
    np.testing.assert_allclose(found.interaction, c * a * b, atol=1e-9)
    np.testing.assert_allclose(found.errors, 0, atol=1e-9)


def test_a_sure_classifier_that_adds_has_no_interaction():
    """Where probabilities are 0 or 1 the decision function is used, if it is the log-odds."""
    backgrounds = np.random.default_rng(0).uniform(0.5, 1, size=(5, 6, 2))
    for target, sign in ((1, 1), (0, -1)):
        exact = mark_interactions(
            KnownWithDecision(scale=20), target, (0, 1), backgrounds=backgrounds
        )
        assert sign * exact.scores[4, 0] > 100
        np.testing.assert_allclose(exact.interaction, 0, atol=1e-6)
    for limited in (Known(scale=20), OtherDecision(scale=20)):
        found = mark_interactions(limited, 1, (0, 1), backgrounds=backgrounds)
        defined = ~np.isnan(found.interaction)
        assert defined[0, 0]
        assert not defined[4].any()
        np.testing.assert_array_equal(defined, ~np.isnan(found.errors))
        np.testing.assert_allclose(found.interaction[defined], 0, atol=1e-6)


def test_backgrounds_beyond_the_limit_are_left_out():
    """Log-odds 2 a of four backgrounds are 2, 4, 6 and 16; the last is undefined."""
    backgrounds = np.ones((4, 6, 2)) * np.array([1, 2, 3, 8])[:, None, None]
    found = mark_interactions(
        [Known(), Known(0.1)], 1, (0, 1), backgrounds=backgrounds, levels=[1, 3]
    )
    np.testing.assert_allclose(found.scores[1, 0], 4)
    # b alone is within the limit, a b with the last background's a is not
    np.testing.assert_allclose(found.interaction[1, 1], np.mean([1, 4, 9]) * 0.1 / 2)
    assert np.isfinite(found.interaction[0, 1])
    assert np.isfinite(found.interaction[2, 0])  # 6 and 12, but 18 and 48 are left out
    assert np.isnan(
        mark_interactions(Known(), 1, (0, 1), backgrounds=4 * backgrounds, levels=[1]).interaction[
            1, 0
        ]
    )


def test_marks_by_name():
    params = {"backgrounds": np.ones((4, 6, 3)), "levels": [1]}
    names = ["x", "y", "z"]
    by_name = mark_interactions(Known(0.5), 1, ("y", "x"), mark_names=names, **params)
    by_number = mark_interactions(Known(0.5), 1, np.array([1, 0]), **params)
    assert by_name.marks == ("y", "x")
    assert by_number.marks == ("mark2", "mark1")
    default = mark_interactions(Known(0.5), 1, ("mark2", "mark1"), **params)
    np.testing.assert_array_equal(default.scores, by_number.scores)
    np.testing.assert_array_equal(by_name.scores, by_number.scores)
    assert (by_name == by_number) is False  # not an array of truths


def dataset(X, marks, **params):
    rows = np.arange(len(X))
    return HistoneDataset(X, rows % 2, cell=rows, gene=rows, marks=list(marks), **params)


def test_data_sets_bring_marks_window_and_bin_size():
    """The interaction is in the mark called x, wherever it stands; regions are in bp."""
    X = np.ones((4, 6, 3)) * np.arange(1, 4)
    known = Known(0.5)
    known.mark_names_in_ = np.array(["x", "y", "z"], dtype=object)
    found = {
        marks: mark_interactions(
            known, 1, ("x", "y"), backgrounds=dataset(X[..., order], marks), levels=[1]
        )
        for marks, order in {"xyz": [0, 1, 2], "zxy": [2, 0, 1]}.items()
    }
    assert found["zxy"].marks == ("x", "y")
    np.testing.assert_array_equal(found["zxy"].scores, found["xyz"].scores)

    matrices = [
        mark_interaction_matrix(known, 1, backgrounds=dataset(X[..., order], marks), **given)
        for marks, order, given in (
            ("xyz", [0, 1, 2], {}),
            ("yzx", [1, 2, 0], {}),
            ("yzx", [1, 2, 0], {"marks": ["Y", "Z", "X"]}),
        )
    ]
    assert [matrix.marks for matrix in matrices] == [list("xyz"), list("yzx"), list("YZX")]
    for matrix in matrices[1:]:
        back = [2, 0, 1]
        np.testing.assert_array_equal(
            matrix.interaction[np.ix_(back, back)], matrices[0].interaction
        )

    wide = {"bin_size": 200, "window": (0, 1200)}
    at = {"levels": [1], "regions": (200, 600)}
    by_data = mark_interactions(known, 1, (0, 1), backgrounds=dataset(X, "xyz", **wide), **at)
    by_array = mark_interactions(known, 1, (0, 1), backgrounds=X, **wide, **at)
    np.testing.assert_array_equal(by_data.scores, by_array.scores)
    with pytest.raises(ValueError, match="bin_size is 100, but that of the data set is 200"):
        mark_interactions(
            known, 1, (0, 1), backgrounds=dataset(X, "xyz", **wide), bin_size=100, **at
        )


def test_marks_that_do_not_match_are_refused():
    X, known, other = np.ones((4, 6, 3)), Known(), Known()
    known.mark_names_in_ = np.array(["x", "y", "z"], dtype=object)
    other.mark_names_in_ = np.array(["z", "y", "x"], dtype=object)
    with pytest.raises(ValueError, match=r"the marks x, y, w, but the classifier .* x, y, z"):
        mark_interactions(known, 1, (0, 1), backgrounds=dataset(X, "xyw"))
    with pytest.raises(ValueError, match="mark_names are z, y, x, but those of the signals"):
        mark_interactions(
            known, 1, (0, 1), backgrounds=dataset(X, "xyz"), mark_names=["z", "y", "x"]
        )
    with pytest.raises(ValueError, match=r"classifier 0 has the marks .* classifier 1 has"):
        mark_interactions([known, other], 1, (0, 1), backgrounds=X)
    both = mark_interactions([known, other], 1, (0, 1), backgrounds=dataset(X, "xyz"))
    assert both.marks == ("x", "y")
    assert mark_interactions(known, 1, (0, 1), backgrounds=X).marks == ("x", "y")


def test_errors_over_backgrounds_and_classifiers_by_hand():
    ones = np.ones((3, 6, 2))
    several = mark_interactions([Known(0.4), Known(0.6)], 1, (0, 1), backgrounds=ones, levels=[1])
    np.testing.assert_allclose(several.interaction[1, 1], 0.5)
    np.testing.assert_allclose(several.errors[1, 1], np.std([0.4, 0.6], ddof=1) / np.sqrt(2))
    unequal = np.sqrt(ones * np.array([1, 2, 4])[:, None, None])
    one = mark_interactions(Known(0.4), 1, (0, 1), backgrounds=unequal, levels=[1])
    np.testing.assert_allclose(one.errors[1, 1], np.std([0.4, 0.8, 1.6], ddof=1) / np.sqrt(3))


def test_interaction_lies_in_the_region_only():
    ones = np.ones((4, 10, 3))

    def between(*regions):
        found = mark_interactions(Both(), 1, (0, 1), backgrounds=ones, levels=[1], regions=regions)
        return found.interaction[1, 1]

    np.testing.assert_allclose(between((-100, 100), (300, 500)), 4)
    np.testing.assert_allclose(between((-100, 100), None), 4)
    np.testing.assert_allclose(between((-500, -100), (300, 500)), 0, atol=1e-9)
    np.testing.assert_allclose(between((-100, 100), (-100, 300)), 0, atol=1e-9)
    both = mark_interactions(Both(), 1, (0, 1), backgrounds=ones, regions=(-100, 500))
    assert both.regions == ((-100, 500), (-100, 500))
    assert both.interaction[2, 2] == pytest.approx(4)
    moved = mark_interactions(
        Both(), 1, (0, 1), backgrounds=ones, levels=[1], window=(0, 2000), bin_size=200,
        regions=((800, 1200), (1600, 2000)),
    )  # fmt: skip
    assert moved.interaction[1, 1] == pytest.approx(4)


def test_profile_brings_marks_that_the_backgrounds_lack():
    backgrounds, profile = np.zeros((4, 10, 3)), np.ones((10, 3))
    lacking = mark_interactions(Both(), 1, (0, 1), backgrounds=backgrounds)
    np.testing.assert_array_equal(lacking.interaction, 0)
    found = mark_interactions(
        Both(), 1, (0, 1), backgrounds=backgrounds, profile=profile, levels=[0.5, 1]
    )
    expected = np.zeros((3, 3))
    expected[2, 2] = 4
    np.testing.assert_allclose(found.interaction, expected, atol=1e-9)
    np.testing.assert_array_equal(backgrounds, 0)


def test_interactions_of_a_linear_classifier_vanish():
    rng = np.random.default_rng(0)
    y = np.tile([0, 1], 40)
    X = rng.poisson(np.where(y == 1, 4, 2)[:, None, None], size=(80, 12, 3))
    linear = HistoneLinearClassifier(device="cpu").fit(X, y)
    matrix = mark_interaction_matrix(linear, 1, backgrounds=X)
    assert np.nanmax(np.abs(matrix.interaction)) < 1e-4


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"marks": (0, 0)}, "two different"),
        ({"marks": (0, 1, 2)}, "two different"),
        ({"marks": (1.7, 0.2)}, "two different names.*numbers from 0 to 2.* got"),
        ({"marks": (True, False)}, "two different"),
        ({"marks": "01"}, "two different.*mark_names"),
        ({"marks": 1}, "two different"),
        ({"marks": (0, 3)}, "two different"),
        ({"marks": ("x", "w"), "mark_names": ["x", "y", "z"]}, "names among x, y, z"),
        ({"levels": [-1]}, "levels must be factors, finite and not negative"),
        ({"levels": [np.inf]}, "levels must be factors"),
        ({"levels": [np.nan]}, "levels must be factors"),
        ({"levels": 2.0}, "levels must be factors"),
        ({"levels": "ab"}, "levels must be factors"),
        ({"bin_size": 0, "regions": (0, 100)}, "bin_size must be a positive integer"),
        ({"backgrounds": -np.ones((4, 12, 3))}, "Negative values.*backgrounds"),
        ({"regions": 100}, "regions must be"),
        ({"backgrounds": np.ones((12, 3))}, "backgrounds must have shape"),
        ({"classifier": []}, "empty list"),
        ({"classifier": "cnn"}, "'classifier'"),
        ({"target": 7}, "target 7 is not a class"),
        ({"regions": ((0, 100), (0, 100), (0, 100))}, "regions must be one"),
        ({"regions": ((0, 100), (0, 700))}, r"regions \(0, 700\) must go upwards"),
        ({"regions": ((0, 100), (0, 150))}, "cuts through a bin"),
        ({"regions": ((0, 100), "tss")}, "regions must be"),
        ({"profile": np.ones((12, 2))}, "profile must have the shape"),
        ({"profile": -np.ones((12, 3))}, "Negative values.*profile"),
    ],
)
def test_what_does_not_fit_interactions_is_named(params, message):
    given = {"classifier": Known(), "target": 1, "marks": (0, 1)}
    given["backgrounds"] = np.ones((4, 12, 3))
    with pytest.raises(ValueError, match=message):
        mark_interactions(**given | params)


def test_a_single_mark_has_no_partner():
    with pytest.raises(ValueError, match="two or more"):
        mark_interaction_matrix(Known(), 1, backgrounds=np.ones((4, 12, 1)))
