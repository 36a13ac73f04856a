"""How alike cells are."""

import json

import numpy as np
import pytest

from histoexpr.datasets import make_histone_cells
from histoexpr.experiments import cell_similarity
from histoexpr.experiments._similarity import dataset_similarity
from histoexpr.replication import published_auroc


def test_similarity_of_a_data_set_is_that_of_its_training_genes(cells):
    rows = np.flatnonzero(cells.split == "train")[::-1]
    train = cells.select(split="train")
    values = np.array([train.select(cells=c).expression for c in cells.cells]).T
    result = dataset_similarity(cells, rows, "expression", cells.cells.tolist())
    np.testing.assert_allclose(result, np.corrcoef(values.T), rtol=1e-9)
    marks = [np.log1p(train.X[..., m].astype(float)).mean(axis=1).reshape(4, -1) for m in range(5)]
    expected = np.mean([np.corrcoef(mark) for mark in marks], axis=0)
    result = dataset_similarity(cells, rows, "signals", cells.cells.tolist())
    np.testing.assert_allclose(result, expected, rtol=1e-4)


def test_similarity_of_what_does_not_vary_is_not_defined(cells):
    # the mean of seven times 0.1 is not 0.1
    similarity = cell_similarity(np.column_stack([np.full(7, 0.1), np.arange(7)]))
    np.testing.assert_allclose(similarity, [[np.nan, np.nan], [np.nan, 1]])
    rows = np.flatnonzero((cells.split == "train") & (cells.cell != "C02"))
    names = cells.cells.tolist()
    similarity = dataset_similarity(cells, rows, "expression", names)
    assert np.isnan(similarity[1]).all()
    assert np.isnan(similarity[:, 1]).all()
    others = cells.select(cells=["C01", "C03", "C04"], split="train")
    values = np.array([others.select(cells=c).expression for c in others.cells]).T
    kept = np.ix_([0, 2, 3], [0, 2, 3])
    np.testing.assert_allclose(similarity[kept], cell_similarity(values))


def test_legacy_shift_reproduces_the_published_sets(shared_data):
    published = json.loads((shared_data / "published/deepchrome2_training_cells.json").read_text())
    with np.load(shared_data / "roadmap_expression.npz") as archive:
        cells, rpkm = archive["cells"].tolist(), archive["rpkm"].astype(np.float64)
        train = archive["split"] == 0
    similarity = cell_similarity(rpkm[train], legacy_shift=True)
    assert np.isnan(similarity[-1]).all()
    for name, threshold, n_pairs in (("high", 0.75, 60), ("somewhat", 0.5, 443)):
        pairs = set()
        for cell in published["inclusive_all"]:
            row = similarity[cells.index(cell)]
            alike = {c for c, r in zip(cells, row, strict=True) if r > threshold and c != cell}
            assert alike == set(published.get(f"exclusive_{name}_{cell}", []))
            pairs |= {frozenset((cell, other)) for other in alike}
        assert len(pairs) == n_pairs
    aligned = cell_similarity(rpkm[train])
    assert np.isfinite(aligned).all()
    assert not np.allclose(aligned[:-1, :-1], similarity[:-1, :-1], atol=0.1)


def test_legacy_shift_is_that_of_the_published_table():
    names = published_auroc().index.tolist()
    cells = make_histone_cells(n_cells=56, n_genes=60, random_state=0, cell_names=names)
    rows = np.flatnonzero(cells.split == "train")
    values = cells.expression.reshape(56, 60)[:, cells.split[:60] == "train"]
    result = dataset_similarity(cells, rows, "expression-legacy-shift", names)
    np.testing.assert_allclose(result[:-1, :-1], np.corrcoef(values[1:]), rtol=1e-9)
    assert np.isnan(result[-1]).all()
    # of fewer cells, the next is not that of the table
    some = rows[cells.cell[rows] != "E024"]
    with pytest.raises(ValueError, match=r"56 published Roadmap cells; .* by E024"):
        dataset_similarity(cells, some, "expression-legacy-shift", names)
