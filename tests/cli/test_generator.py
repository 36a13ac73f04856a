"""Training a generator for commands: held-out genes, files and threads."""

import sys

import numpy as np
import pytest

from histoexpr import SignalGenerator, make_histone_cells
from histoexpr.cli._generator import (
    check_enough,
    check_figure,
    check_for_generator,
    check_kind,
    draw_samples,
    hold_out,
)
from histoexpr.exceptions import MissingExtraError
from support.generators import TINY


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=2, n_genes=120, random_state=0)


def test_whole_chromosomes_are_held_out_where_they_are_known(cells):
    test, what = hold_out(cells, "auto", 0)
    held_out = set(cells.chrom[test])
    assert what == f"chromosomes {', '.join(sorted(held_out))}"
    assert not held_out & set(cells.chrom[~test])
    assert 0.1 < test.mean() < 0.3


def test_else_the_predefined_split_else_genes_at_random(cells):
    without = cells.replace(chrom=None, tss=None)
    test, what = hold_out(without, "auto", 0)
    np.testing.assert_array_equal(test, cells.split == "test")
    assert what == "the predefined test genes"
    few = np.where(cells.chrom == "chr1", "chr1", "chr2")
    assert hold_out(cells.replace(chrom=few, split=None), "auto", 0)[1] == "genes drawn at random"
    without = without.replace(split=None)
    test, what = hold_out(without, "auto", 0)
    assert what == "genes drawn at random"
    assert test.sum() == 2 * 24  # of each cell
    assert not set(cells.gene[test]) & set(cells.gene[~test])
    assert (hold_out(without, "auto", 1)[0] != test).any()
    assert hold_out(cells, "none", 0)[0] is None


def test_what_is_asked_for_has_to_be_known(cells):
    with pytest.raises(ValueError, match="needs the chrom of each sample"):
        hold_out(cells.replace(chrom=None, tss=None), "chromosome", 0)
    with pytest.raises(ValueError, match="needs the split"):
        hold_out(cells.replace(split=None), "split", 0)


def test_too_few_held_out_genes_are_refused_before_training(cells):
    test = np.zeros(len(cells), dtype=bool)
    test[:9] = True
    with pytest.raises(ValueError, match=r"9 of 240 samples .* 10 are needed.*--hold-out none"):
        check_enough(cells, test)
    with pytest.raises(ValueError, match=r"Class 0 has .* held-out samples and only"):
        check_enough(cells, np.arange(len(cells)) < 200)
    check_enough(cells, None)


def test_signals_that_no_generator_learns_are_refused(cells):
    with pytest.raises(
        ValueError, match=r"negative signals \(the lowest is -1\).*without control"
    ):
        check_for_generator(cells.replace(X=cells.X.astype(np.float32) - 1))
    with pytest.raises(ValueError, match=r"1 sample\(s\)"):
        check_for_generator(cells.take([0]))


def test_labels_of_made_signals_are_those_that_were_drawn(cells):
    y = np.where(np.arange(len(cells)) < 216, "off", "on")  # nine tenths and one tenth
    generator = SignalGenerator(**TINY, random_state=0).fit(cells.X, y)
    made = draw_samples(generator, 500, seed=0)
    assert set(made["y"]) == {"off", "on"}
    assert abs(np.mean(made["y"] == "on") - 0.1) < 0.06  # four standard errors
    assert set(made["cell"]) == {"generated"}
    assert set(draw_samples(generator, 5, label="on")["y"]) == {"on"}
    with pytest.raises(ValueError, match=r"--cells: .* several cell types"):
        draw_samples(generator, 5, cells=["C01"])
    with pytest.raises(ValueError, match="--label maybe: the generator was fitted to off, on"):
        draw_samples(generator, 5, label="maybe")


def test_signals_of_one_mark_and_of_no_counts(cells):
    generator = SignalGenerator(**TINY, random_state=0)
    generator.fit(np.log1p(cells.X[:, :20, 3]), cell=cells.cell)
    made = draw_samples(generator, 4, cells=["C02"], seed=0)
    assert made["X"].shape == (4, 20, 1)
    assert (made["X"] != np.rint(made["X"])).any()
    assert made["y"] is None


def test_figures_need_an_ending_and_matplotlib(tmp_path, monkeypatch):
    check_figure("--out", tmp_path / "a.PDF")
    with pytest.raises(ValueError, match=r"--out: .*a needs a name that ends in .png"):
        check_figure("--out", tmp_path / "a")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"--out: a figure needs matplotlib.*\[plot\]"):
        check_figure("--out", tmp_path / "a.png")


def test_kinds_of_models_are_told_apart():
    info = {"kind": "regressor", "estimator": {"class": "histoexpr.HistoneCNNRegressor"}}
    for kind, remedy in (("generator", "histoexpr generate"), ("classifier", "histoexpr train")):
        message = f"m holds a HistoneCNNRegressor, which is no {kind}.*{remedy}"
        with pytest.raises(ValueError, match=message):
            check_kind("m", info, kind)
    check_kind("m", {"kind": "generator"}, "generator")
