"""What ``explain`` says of a gene."""

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier, attribute
from histoexpr.cli._explained import class_named, describe, explain, summary_of


@pytest.fixture(scope="module")
def model(narrow_cells):
    return HistoneLinearClassifier(n_regions=2).fit(narrow_cells)


def test_marks_from_the_largest_with_their_strongest_region(narrow_cells, model):
    found = attribute(model, narrow_cells[:1], reference=narrow_cells)
    summary = summary_of(found, 2)
    halves = found.values[0].reshape(2, 10, 5).sum(axis=1)
    for one in summary["marks"]:
        parts = halves[:, found.marks.index(one["mark"])]
        strongest = np.abs(parts).argmax()
        assert one["contribution"] == pytest.approx(parts.sum())
        assert one["region"]["contribution"] == pytest.approx(parts[strongest])
        assert one["region"]["first"] == [-1000, 0][strongest]
    text = describe(found, summary).splitlines()
    assert text[0] == found.title(0)
    assert f"{found.output[0] - found.baseline_output[0]:+.2f}" in text[2]
    rows = [line.split()[0] for line in text[6:11]]
    assert rows == [one["mark"] for one in summary["marks"]]
    assert not any("Sum of the parts" in line for line in text)
    # more regions than bins are one a bin
    assert summary_of(found, 500)["marks"][0]["region"]["last"] % 100 == 0


def test_missing_signals_are_refused(narrow_cells, model):
    data = narrow_cells.replace(X=narrow_cells.X.astype(np.float32))
    data.X[:, :, 0] = np.nan
    info = {"signals": {"marks": data.marks, "bin_size": 100, "window": data.window,
                        "oriented": data.oriented}, "training": {}}  # fmt: skip
    with pytest.raises(ValueError, match=r"missing \(NaN\).*Explain a model of the marks"):
        explain(model, data, data.gene[0], info=info, cell=data.cell[0])


def test_classes_are_found_by_their_text(model):
    assert class_named(model, None) is None
    assert class_named(model, "0") == 0
    with pytest.raises(ValueError, match="knows the classes 0, 1"):
        class_named(model, "on")
