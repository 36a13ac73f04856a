"""Co-occurrence of sets that are drawn side by side."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.inspection import ClassMaps, maps_cooccurrence, mark_cooccurrence
from histoexpr.plots._cooccurrence_sets import (
    comparison_of,
    measure_sets,
    name_comparison,
    what_is_held,
)
from support.planted import Known


class OfData(Known):
    """Takes data sets, too."""

    def _log_odds(self, X):
        return super()._log_odds(np.asarray(X))


def data_of(marks, n=200):
    X = np.random.default_rng(0).poisson(2, (n, 4, 3))[:, :, ["abc".index(m) for m in marks]]
    names = {"cell": ["x"] * n, "gene": np.arange(n).astype(str)}
    return HistoneDataset(X, np.arange(n) % 2, marks=list(marks), **names)


def test_maps_come_beside_their_null_and_genes_adjusted():
    data = data_of("abc")
    scores = OfData().predict_proba(data[:40])[:, 1]
    maps = ClassMaps(data.X[:40].astype(float), scores, 1, "data", marks=data.marks)
    sets = {"maps": maps, "genes": data, "turned": data_of("cba")}
    null = {"n_draws": 2, "random_state": 0}
    found = measure_sets(sets, data, OfData(), null, {"n_windows": 1})
    direct = maps_cooccurrence(OfData(), maps, reference=data, n_windows=1, **null)
    np.testing.assert_array_equal(found["maps"].null_mean, direct.null_mean)
    assert found["genes"].strata == "class"
    expected = mark_cooccurrence(data, n_windows=1)
    for title in ("genes", "turned"):
        np.testing.assert_array_equal(found[title].log2_odds, expected.log2_odds)
    assert [what_is_held(one) for one in found.values()] == [
        "less null", "given class", "given class"
    ]  # fmt: skip
    assert name_comparison(found["maps"]) == "null: marks share class only"
    assert name_comparison(found["genes"]) == "unadjusted"
    assert comparison_of(found["maps"]) is found["maps"].null_mean
    assert comparison_of(found["genes"]) is found["genes"].log2_odds_unadjusted
    with pytest.raises(ValueError, match=r"'maps' are class maps.* Give the classifier"):
        measure_sets(sets, data, None, null, {})
    with pytest.raises(ValueError, match=r"selected from\. Give these as reference"):
        measure_sets(sets, None, OfData(), null, {})
