"""Tracks counted as those of a model."""

import numpy as np
import pytest

from histoexpr.exceptions import HistoexprWarning
from histoexpr.experiments import build_for_model
from histoexpr.tracks import build_dataset
from support.track_files import random_reads, write_bed


@pytest.fixture
def inputs(tmp_path):
    rng = np.random.default_rng(0)
    lines = ["cell\tmark\tfile"]
    for cell in "AB":
        for mark in ("H3K4me3", "H3K27ac"):
            name = f"{cell}-{mark}.tagAlign"
            write_bed(tmp_path / name, random_reads(rng, 300))
            lines.append(f"{cell}\t{mark}\t{name}")
    (tmp_path / "tracks.tsv").write_text("\n".join(lines) + "\n")
    (tmp_path / "genes.bed").write_text(
        "chr1\t3000\t5000\tG1\t0\t+\nchr1\t8000\t9000\tG2\t0\t-\nchr2\t100\t2600\tG3\t0\t+\n"
    )
    return tmp_path / "tracks.tsv", tmp_path / "genes.bed"


def info(rule="5prime", **changes):
    signals = {"marks": ["H3K4me3"], "bin_size": 50, "window": [-500, 500], "oriented": True}
    training = {"counting": {"H3K4me3": {"rule": rule}}, "filter": {"min_mapq": 0}}
    return {"signals": signals | changes, "training": training}


@pytest.mark.parametrize("rule", ["5prime", "mean", "overlap"])
def test_reads_are_counted_by_the_rule_bins_and_window_of_the_model(inputs, rule):
    with pytest.warns(HistoexprWarning) as said:
        found = build_for_model(info(rule), *inputs, cells=["B"])
    assert "not read: H3K27ac" in str(said[0].message)
    with pytest.warns(HistoexprWarning):
        expected = build_dataset(
            *inputs, rule=rule, window=(-500, 500), bin_size=50, flip_minus_strand=True
        ).select(cells="B", marks=["H3K4me3"])
    np.testing.assert_array_equal(found.X, expected.X)
    assert found.cells.tolist() == ["B"]
    assert found.oriented is True
    assert found.y is None
    assert found.meta["counting"]["H3K4me3"]["rule"] == rule


@pytest.mark.filterwarnings("ignore::histoexpr.exceptions.HistoexprWarning")
def test_names_of_marks_are_those_of_the_model(inputs):
    found = build_for_model(info(marks=["h3k27ac", "H3K4me3"]), *inputs)
    assert found.marks == ["H3K4me3", "h3k27ac"]
    along = build_for_model(info(oriented=False), *inputs)
    assert along.oriented is False


def test_what_is_missing_is_named_before_counting(inputs):
    with pytest.raises(ValueError, match="No cell 'C' in the tracks; there are A, B"):
        build_for_model(info(), *inputs, cells=["C"])
    with pytest.raises(ValueError, match=r"Missing: H3K9me3\. .*MarkSubsetClassifier"):
        build_for_model(info(marks=["H3K4me3", "H3K9me3"]), *inputs)
    with pytest.warns(HistoexprWarning):
        found = build_for_model(info(marks=["H3K4me3", "H3K9me3"]), *inputs, may_lack_marks=True)
    assert found.marks == ["H3K4me3"]


def test_a_model_that_does_not_say_how_and_replicates(inputs):
    tracks, genes = inputs
    silent = info()
    silent["training"] = {}
    with pytest.warns(HistoexprWarning) as said:
        found = build_for_model(silent, tracks, genes)
    assert any("does not say how reads were counted" in str(w.message) for w in said)
    assert found.meta["counting"]["H3K4me3"]["rule"] == "overlap"
    tracks.write_text(tracks.read_text() + "A\tH3K4me3\tB-H3K27ac.tagAlign\n")
    with pytest.warns(HistoexprWarning) as said:
        pooled = build_for_model(info(), tracks, genes)
    assert any("pooled: A H3K4me3." in str(w.message) for w in said)
    assert pooled.n_samples == 6
