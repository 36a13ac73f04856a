"""Interactions of two marks in classifiers of which they are known."""

import numpy as np
import pytest

from histoexpr import HistoneDataset, HistoneLinearClassifier
from histoexpr.inspection import mark_interaction_matrix, mark_interactions
from support.planted import Both, Known, KnownWithDecision, OtherDecision, four_corners

pytestmark = pytest.mark.filterwarnings("ignore:backgrounds are of several")

FACTORS = {"contrast": "factors", "null": None}


@pytest.mark.parametrize("c", [0.0, 0.5])
def test_interactions_are_those_put_in(c):
    levels = [0, 1, 2]
    found = mark_interactions(
        Known(c), 1, (0, 1), backgrounds=np.ones((4, 6, 3)), levels=levels, **FACTORS
    )
    a, b = np.meshgrid(levels, levels, indexing="ij")
    np.testing.assert_allclose(found.scores, 2 * a - b + c * a * b, atol=1e-9)
    np.testing.assert_allclose(found.interaction, c * a * b, atol=1e-9)
    np.testing.assert_allclose(found.background_se, 0, atol=1e-9)


def test_a_sure_classifier_that_adds_has_no_interaction():
    """Where probabilities are 0 or 1 the decision function is used, if it is the log-odds."""
    backgrounds = np.random.default_rng(0).uniform(0.5, 1, size=(5, 6, 2))
    for target, sign in ((1, 1), (0, -1)):
        exact = mark_interactions(
            KnownWithDecision(scale=20), target, (0, 1), backgrounds=backgrounds, **FACTORS
        )
        assert sign * exact.scores[4, 0] > 100
        np.testing.assert_allclose(exact.interaction, 0, atol=1e-6)
    for limited in (Known(scale=20), OtherDecision(scale=20)):
        found = mark_interactions(limited, 1, (0, 1), backgrounds=backgrounds, **FACTORS)
        defined = ~np.isnan(found.interaction)
        assert defined[0, 0]
        assert not defined[4].any()
        np.testing.assert_allclose(found.interaction[defined], 0, atol=1e-6)


def test_backgrounds_beyond_the_limit_are_left_out():
    """Log-odds 2 a of four backgrounds are 2, 4, 6 and 16; the last is undefined."""
    backgrounds = np.ones((4, 6, 2)) * np.array([1, 2, 3, 8])[:, None, None]
    found = mark_interactions(
        [Known(), Known(0.1)], 1, (0, 1), backgrounds=backgrounds, levels=[1, 3], **FACTORS
    )
    np.testing.assert_allclose(found.scores[1, 0], 4)
    # b alone is within the limit, a b with the last background's a is not
    np.testing.assert_allclose(found.interaction[1, 1], np.mean([1, 4, 9]) * 0.1 / 2)
    assert np.isfinite(found.interaction[0, 1])
    assert np.isfinite(found.interaction[2, 0])  # 6 and 12, but 18 and 48 are left out
    assert np.isnan(
        mark_interactions(
            Known(), 1, (0, 1), backgrounds=4 * backgrounds, levels=[1], **FACTORS
        ).interaction[1, 0]
    )


def test_marks_by_name():
    params = {"backgrounds": np.ones((4, 6, 3)), "levels": [1]}
    names = ["x", "y", "z"]
    by_name = mark_interactions(Known(0.5), 1, ("y", "x"), mark_names=names, **params, **FACTORS)
    by_number = mark_interactions(Known(0.5), 1, np.array([1, 0]), **params, **FACTORS)
    assert by_name.marks == ("y", "x")
    assert by_number.marks == ("mark2", "mark1")
    default = mark_interactions(Known(0.5), 1, ("mark2", "mark1"), **params, **FACTORS)
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
            known, 1, ("x", "y"), backgrounds=dataset(X[..., order], marks), levels=[1], **FACTORS
        )
        for marks, order in {"xyz": [0, 1, 2], "zxy": [2, 0, 1]}.items()
    }
    assert found["zxy"].marks == ("x", "y")
    np.testing.assert_array_equal(found["zxy"].scores, found["xyz"].scores)

    matrices = [
        mark_interaction_matrix(
            known, 1, backgrounds=dataset(X[..., order], marks), **given, **FACTORS
        )
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
    by_data = mark_interactions(
        known, 1, (0, 1), backgrounds=dataset(X, "xyz", **wide), **at, **FACTORS
    )
    by_array = mark_interactions(known, 1, (0, 1), backgrounds=X, **wide, **at, **FACTORS)
    np.testing.assert_array_equal(by_data.scores, by_array.scores)
    with pytest.raises(ValueError, match="bin_size is 100, but that of the data set is 200"):
        mark_interactions(
            known, 1, (0, 1), backgrounds=dataset(X, "xyz", **wide), bin_size=100, **at, **FACTORS
        )


def test_marks_that_do_not_match_are_refused():
    X, known, other = np.ones((4, 6, 3)), Known(), Known()
    known.mark_names_in_ = np.array(["x", "y", "z"], dtype=object)
    other.mark_names_in_ = np.array(["z", "y", "x"], dtype=object)
    with pytest.raises(ValueError, match=r"the marks x, y, w, but Known .* x, y, z"):
        mark_interactions(known, 1, (0, 1), backgrounds=dataset(X, "xyw"), **FACTORS)
    with pytest.raises(ValueError, match="marks are z, y, x, but those of the signals"):
        mark_interactions(
            known, 1, (0, 1), backgrounds=dataset(X, "xyz"), mark_names=["z", "y", "x"], **FACTORS
        )
    with pytest.raises(ValueError, match=r"0 has the marks .* 1 has"):
        mark_interactions([known, other], 1, (0, 1), backgrounds=X, **FACTORS)
    both = mark_interactions([known, other], 1, (0, 1), backgrounds=dataset(X, "xyz"), **FACTORS)
    assert both.marks == ("x", "y")
    assert mark_interactions(known, 1, (0, 1), backgrounds=X, **FACTORS).marks == ("x", "y")


def test_errors_are_over_blocks_of_backgrounds():
    """Backgrounds of one chromosome are alike, so that there are twelve and not 120 of them."""
    chromosome = np.repeat(np.arange(12), 10)
    X = np.sqrt(np.ones((120, 6, 2)) * (1.0 + chromosome)[:, None, None])
    names = [f"chr{number}" for number in chromosome]
    apart = mark_interactions(Known(0.1), 1, (0, 1), backgrounds=X, levels=[1], **FACTORS)
    data = dataset(X, "xy", chrom=names, tss=np.arange(120))
    together = mark_interactions(Known(0.1), 1, (0, 1), backgrounds=data, levels=[1], **FACTORS)
    for found in (apart, together):
        np.testing.assert_allclose(found.interaction[1, 1], 0.65)
        assert np.isnan(found.low).all()  # there is no null
    spread = np.std(0.1 * np.arange(1, 13), ddof=1)
    assert together.background_se[1, 1] == pytest.approx(spread / np.sqrt(12))
    # 100 groups of samples, of 1 and 2
    assert apart.background_se[1, 1] == pytest.approx(spread / np.sqrt(120), rel=0.25)


def test_interaction_lies_in_the_region_only():
    ones = np.ones((4, 10, 3))

    def between(*regions):
        found = mark_interactions(
            Both(), 1, (0, 1), backgrounds=ones, levels=[1], regions=regions, **FACTORS
        )
        return found.interaction[1, 1]

    np.testing.assert_allclose(between((-100, 100), (300, 500)), 4)
    np.testing.assert_allclose(between((-100, 100), None), 4)
    np.testing.assert_allclose(between((-500, -100), (300, 500)), 0, atol=1e-9)
    np.testing.assert_allclose(between((-100, 100), (-100, 300)), 0, atol=1e-9)
    both = mark_interactions(Both(), 1, (0, 1), backgrounds=ones, regions=(-100, 500), **FACTORS)
    assert both.regions == ((-100, 500), (-100, 500))
    assert both.interaction[2, 2] == pytest.approx(4)
    moved = mark_interactions(
        Both(), 1, (0, 1), backgrounds=ones, levels=[1], window=(0, 2000), bin_size=200,
        regions=((800, 1200), (1600, 2000)), **FACTORS)  # fmt: skip
    assert moved.interaction[1, 1] == pytest.approx(4)


def test_profile_brings_marks_that_the_backgrounds_lack():
    backgrounds, profile = np.zeros((4, 10, 3)), np.ones((10, 3))
    lacking = mark_interactions(Both(), 1, (0, 1), backgrounds=backgrounds, **FACTORS)
    np.testing.assert_array_equal(lacking.interaction, 0)
    found = mark_interactions(
        Both(), 1, (0, 1), backgrounds=backgrounds, profile=profile, levels=[0.5, 1], **FACTORS
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
    matrix = mark_interaction_matrix(linear, 1, backgrounds=X, **FACTORS)
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
        ({"contrast": "quantiles", "levels": [1, 2]}, 'levels must be .*pass contrast="factors"'),
        ({"contrast": "quantiles", "levels": [0.5]}, "two or more different quantiles"),
        ({"contrast": "quantiles", "profile": np.ones((12, 3))}, "profile is for factors"),
        ({"contrast": "removal"}, "'contrast'"),
        ({"null": "additive"}, "pass X= and y=.* or null=None"),
        ({"null": "additive", "y": [0, 1]}, "one label for each of the 4 samples"),
        ({"null": "additive", "y": [0, 1, 2, 1]}, "y has the labels .*the classifier knows"),
        (
            {"null": "additive", "X": np.ones((4, 11, 3)), "y": [0, 1, 0, 1]},
            r"X has .*\(11, 3\), but the backgrounds have \(12, 3\)",
        ),
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
        mark_interactions(**FACTORS | given | params)


def test_quantiles_are_those_of_donors():
    """Marks are 1 or 3 and 2 or 5 in all combinations: quartiles differ by 2 and by 3."""
    X = four_corners()
    found = mark_interactions(Known(0.5), 1, (0, 1), backgrounds=X, null=None)
    assert found.levels.tolist() == [0.1, 0.25, 0.5, 0.75, 0.9]
    np.testing.assert_allclose(found.interaction[4, 4], 0.5 * 2 * 3)
    np.testing.assert_allclose(found.interaction[1, :], 0, atol=1e-9)  # 0.1 and 0.25 are both 1
    np.testing.assert_allclose(found.scores[3, 1], 2 * 3 - 2 + 0.5 * 3 * 2)
    added = mark_interactions(Known(), 1, (0, 1), backgrounds=X, null=None, n_donors=3)
    np.testing.assert_allclose(added.interaction, 0, atol=1e-9)
    assert added.scores[3, 1] == pytest.approx(2 * 3 - 2)


def test_a_mark_that_does_not_vary_has_no_quantiles():
    X = four_corners()
    X[:, :, 1] = 2
    with pytest.raises(ValueError, match=r'mark2 is the same .* contrast="factors"'):
        mark_interactions(Known(), 1, (0, 1), backgrounds=X, null=None)


def test_a_refit_that_sees_the_same_has_no_p_value():
    """Known does not learn: refits are as it is, and nothing is to be told apart."""
    X = four_corners()
    y = np.arange(len(X)) % 2
    found = mark_interactions(
        Known(0.5), 1, (0, 1), backgrounds=X, levels=[0.25, 0.75], X=X, y=y, n_null=3
    )
    np.testing.assert_allclose(found.difference, 0, atol=1e-9)
    np.testing.assert_allclose(found.null_sd, 0, atol=1e-9)
    assert np.isnan(found.p_value).all()
    assert found.n_null == 3
