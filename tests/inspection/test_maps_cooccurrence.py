"""Co-occurrence in class maps, beside its null."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.inspection import ClassMaps, class_maps, maps_cooccurrence, mark_cooccurrence
from support.planted import Known


class Sum(Known):
    """Log-odds are the sum of the marks, less its middle."""

    def _log_odds(self, X):
        return self.scale * (np.asarray(X).mean(axis=1).sum(axis=1) - 4.5)


def genes(*, planted=False, seed=0, n=3000):
    """Marks that are independent given the class, or the first two of which meet."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    strength = rng.gamma(2, 0.5, (n, 3)) * (1 + y)[:, None]
    if planted:
        strength[:, 1] = np.where(rng.random(n) < 0.6, strength[:, 0], strength[:, 1])
    X = np.repeat(strength[:, None], 4, axis=1)
    return HistoneDataset(X, y, cell=["a"] * n, gene=np.arange(n).astype(str), marks=list("abc"))


def maps_of(data, probability=0.9, n_maps=200):
    return class_maps(Sum(), 1, method="data", X=data, probability=probability, n_maps=n_maps)


SETTINGS = {"n_windows": 1, "quantile": 0.6, "n_draws": 8, "random_state": 0}


def pairs(found, name):
    first, second = np.triu_indices(3, 1)
    return getattr(found, name)[0, first, 0, second]


def test_independent_marks_are_exclusive_in_maps_and_not_beyond_their_null():
    raw, excess, beyond = [], [], []
    for seed in range(5):
        data = genes(seed=seed)
        found = maps_cooccurrence(Sum(), maps_of(data), reference=data, strata="y", **SETTINGS)
        raw.append(pairs(found, "log2_odds"))
        excess.append(pairs(found, "excess"))
        beyond.append(np.abs(excess[-1]) > 2.5 * pairs(found, "null_sd"))
    assert found.null_strata == "class"
    assert np.mean(raw) < -1.2
    assert abs(np.mean(excess)) < 0.25
    assert np.mean(beyond) < 0.15


def test_a_pair_that_meets_is_found_beyond_the_null():
    data = genes(planted=True)
    found = maps_cooccurrence(Sum(), maps_of(data), reference=data, strata="y", **SETTINGS)
    excess, spread = pairs(found, "excess"), pairs(found, "null_sd")
    assert excess[0] > 1.5
    assert excess[0] > 3 * spread[0]
    assert (excess[1:] < 0.5).all()


def test_maps_as_they_are_have_no_interval():
    data = genes(n=600)
    found = maps_cooccurrence(Sum(), maps_of(data, n_maps=80), reference=data, **SETTINGS)
    raw = mark_cooccurrence(
        maps_of(data, n_maps=80).signals, reference=data, quantile=0.6, n_windows=1,
        generated=True, marks=list("abc"),
    )  # fmt: skip
    np.testing.assert_array_equal(found.log2_odds, raw.log2_odds)
    np.testing.assert_array_equal(found.thresholds, raw.thresholds)
    for one in (found, raw):
        assert one.unit is None
        assert np.isnan(one.errors).all()
        assert one.table[["low", "high"]].isna().all(axis=None)
    assert {"null_mean", "null_sd", "excess"} < set(found.table)
    np.testing.assert_allclose(found.table.excess, found.table.log2_odds - found.table.null_mean)
    assert "beside a null of 8 draws whose marks share class only, no intervals" in repr(found)
    again = maps_cooccurrence(Sum(), maps_of(data, n_maps=80), reference=data, **SETTINGS)
    np.testing.assert_array_equal(again.null_mean, found.null_mean)


def test_a_mark_elsewhere_has_no_null():
    data = genes(n=600)
    params = SETTINGS | {"n_windows": 2}
    found = maps_cooccurrence(Sum(), maps_of(data, n_maps=80), reference=data, **params)
    assert np.isnan(found.null_mean[0, 1, 1, 1])
    assert np.isfinite(found.null_mean[0, 1, 1, 2])


@pytest.mark.filterwarnings("ignore:Samples of the null differ")  # hardly trained
def test_several_generators_give_an_interval_over_them(generator, classifiers):
    params = {"n_windows": 1, "n_draws": 2, "n_pool": 200, "quantile": 0.5}
    of = {"generator": generator, "probability": 0.5, "n_maps": 30}
    maps = [class_maps(classifiers["logistic"], "on", **of, random_state=s) for s in (0, 1, 2)]
    found = maps_cooccurrence(
        classifiers["logistic"], maps, generator=[generator] * 3, random_state=0, **params
    )
    assert (found.unit, found.n_units, found.n_samples) == ("generator", 3, 90)
    assert found.null_strata == "class"
    low, high = found.interval()
    assert low[0, 0, 0, 1] < found.excess[0, 0, 0, 1] < high[0, 0, 0, 1]
    alone = maps_cooccurrence(
        classifiers["logistic"], maps[0], generator=generator, random_state=0, **params
    )
    assert alone.unit is None
    assert np.isnan(alone.interval()[0]).all()


def test_what_has_no_null_is_refused(generator, classifiers):
    data = genes(n=100)
    X = np.asarray(data)
    kinds = {m: ClassMaps(X[:9], np.full(9, 0.5), 1, m) for m in ("gan", "data", "gradient")}
    model = Sum()
    for maps, params, message in (
        (kinds["gan"], {"reference": data}, "no null without their generator"),
        (kinds["data"], {}, "selected from. Give these as reference"),
        (kinds["gradient"], {"reference": data}, "have no null. Make maps of method"),
        ([kinds["data"]] * 2, {"reference": data}, "Call maps_cooccurrence for these on"),
        ([kinds["gan"]] * 2, {"generator": [generator]}, "1 generators for 2 maps"),
        (kinds["data"], {"reference": data, "n_pool": 5}, "9 maps, more than the 5 samples"),
        ([], {"reference": data}, "maps is empty"),
    ):
        with pytest.raises(ValueError, match=message):
            maps_cooccurrence(model, maps, **params)
    with pytest.raises(TypeError, match=r"maps must be .*ClassMaps, got"):
        maps_cooccurrence(model, X, reference=data)
    one = ClassMaps(X[:9, :, :1], np.full(9, 0.5), 1, "data")
    with pytest.raises(ValueError, match="one mark"):
        maps_cooccurrence(model, one, reference=X[:, :, :1])
