"""What is trained on what."""

import numpy as np
import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.exceptions import HistoexprWarning
from histoexpr.experiments import StudySpec, cell_similarity
from histoexpr.experiments._data import StudyData, training_rows
from histoexpr.experiments._plan import Entry, Plan, make_plan
from support import ROOT
from support.study_cases import SPEC


def fits_of(dataset, /, **experiment):
    spec = StudySpec(**SPEC | {"experiments": [{"name": "e", **experiment}], "random_state": [0]})
    data = StudyData(dataset, spec.division)
    return data, *make_plan(spec, data)


def test_one_fit_serves_the_matrix_and_the_own_cells(finished_study):
    own = set(finished_study.select("own", "linear", random_state=0)["fit"])
    matrix = set(finished_study.select("matrix", "linear", random_state=0)["fit"])
    assert own == matrix
    assert len(matrix) == 4
    assert len(finished_study.select("matrix", "linear", random_state=0)) == 16
    # 4 single cells and 4 times all others, two models, two random states
    assert len(finished_study.times) == (4 + 4) * 2 * 2


@pytest.mark.parametrize(
    ("experiment", "n_cells", "has_own"),
    [
        ({"regime": "own"}, 1, True),
        ({"regime": "exclusive"}, 3, False),
        ({"regime": "inclusive"}, 4, True),
        ({"regime": "exclusive", "cells": "random", "n_cells": 2}, 2, False),
        ({"regime": "inclusive", "cells": "random", "n_cells": 2}, 2, True),
        ({"regime": "exclusive", "cells": "nearest", "n_cells": 1}, 1, False),
    ],
)
def test_training_cells_and_genes(cells, experiment, n_cells, has_own):
    data, fits, entries = fits_of(cells, **experiment)
    for entry in entries:
        fit = fits[entry.fit]
        assert len(fit.train_cells) == n_cells
        assert (entry.test_cell in fit.train_cells) == has_own
        rows, test = training_rows(data, fit), data.test_rows(fit.fold, entry.test_cell)
        assert set(cells.cell[rows]) == set(fit.train_cells)
        assert not set(cells.gene[rows]) & set(cells.gene[test])
        assert set(cells.cell[test]) == {entry.test_cell}


def test_cells_of_a_size_curve_are_nested(cells):
    for kind in ("random", "nearest"):
        _, fits, entries = fits_of(cells, regime="exclusive", cells=kind, n_cells=[1, 2, "all"])
        for cell in cells.cells:
            mine = [e for e in entries if e.test_cell == cell and fits[e.fit].model == "linear"]
            sets = [set(fits[e.fit].train_cells) for e in mine]
            assert [len(s) for s in sets] == [1, 2, 3]
            assert sets[0] < sets[1] < sets[2]


def test_nearest_and_similar_follow_the_similarity_over_training_genes(cells):
    train = cells.select(split="train")
    values = np.array([train.select(cells=c).expression for c in cells.cells]).T
    similarity = cell_similarity(values)
    np.fill_diagonal(similarity, -1)
    _, fits, entries = fits_of(cells, regime="exclusive", cells="nearest", n_cells=1)
    for entry in entries:
        row = similarity[list(cells.cells).index(entry.test_cell)]
        assert fits[entry.fit].train_cells == (cells.cells[row.argmax()],)
    cut = float(np.sort(similarity.ravel())[-2]) - 1e-9  # one pair of cells is above
    _, fits, entries = fits_of(cells, regime="exclusive", cells="similar", threshold=cut)
    assert len({entry.test_cell for entry in entries}) == 2
    with pytest.raises(ValueError, match=r"nothing to do.*no cell is similar enough"):
        fits_of(cells, regime="exclusive", cells="similar", threshold=1.0)


def test_genes_and_samples_are_nested_and_counted(cells):
    data, fits, _ = fits_of(cells, regime="exclusive", n_genes=[10, 30])
    small, large = (
        next(t for t in fits if t.n_genes == n and t.train_cells[0] == "C02") for n in (10, 30)
    )
    few, many = (set(cells.gene[training_rows(data, fit)]) for fit in (small, large))
    assert (len(few), len(many)) == (10, 30)
    assert few < many
    assert len(training_rows(data, small)) == 30
    data, fits, _ = fits_of(cells, regime="exclusive", train_size="one cell")
    own, own_fits, _ = fits_of(cells, regime="own")
    one = len(training_rows(own, own_fits[0]))
    assert {len(training_rows(data, fit)) for fit in fits} == {one}
    for sizes, told in [
        ({"train_size": 9999}, "train_size=9999, but there are only 240"),
        ({"n_genes": 10, "train_size": 31}, "train_size=31, but there are only 30"),
        ({"n_genes": 81}, "n_genes=81, but there are only 80"),
    ]:
        with pytest.raises(ValueError, match=told):
            fits_of(cells, regime="exclusive", **sizes)


def test_the_example_is_planned_as_far_as_few_cells_go():
    spec = StudySpec.load(ROOT / "examples" / "deepchrome2_study.json")
    cells = make_histone_cells(n_cells=4, n_genes=1200, random_state=0)
    with pytest.warns(HistoexprWarning) as told:
        fits, entries = make_plan(spec, StudyData(cells, spec.division))
    assert len(told) == 1
    text = str(told[0].message)
    assert "'8 random cells' with n_cells=8, but there are only 4" in text
    assert (
        "'by number of cells, at random' with n_cells=4, 8, 16, 32, but there are only 3" in text
    )
    assert "'by number of genes' with n_genes=1000, 3000, but there are only 400" in text
    left_out = {"8 random cells", "8 random other cells"}
    assert {e.name for e in spec.experiments} - {entry.experiment for entry in entries} == left_out
    named = {e.experiment: set() for e in entries}
    for entry in entries:
        fit = fits[entry.fit]
        named[entry.experiment].add((len(fit.train_cells), fit.n_genes))
    assert named["by number of cells, at random"] == {(1, "all"), (2, "all"), (3, "all")}
    assert named["by number of genes"] == {(3, 100), (3, 300), (3, "all")}


def test_keys_name_model_cells_and_fold_and_are_planned_alike(cells):
    _, fits, _ = fits_of(cells, regime="each")
    _, again, _ = fits_of(cells, regime="each")
    assert [fit.key for fit in fits] == [fit.key for fit in again]
    assert len({fit.key for fit in fits}) == len(fits)
    assert fits[0].key.startswith("linear-C01-fold1-")


def test_rows_of_the_same_fit_and_cell_are_kept_once():
    rows = [Entry("a", "own", "C1", 0), Entry("b", "each", "C1", 0), Entry("b", "each", "C2", 0)]
    assert Plan([None], rows).without_repeats().entries == [rows[0], rows[2]]
