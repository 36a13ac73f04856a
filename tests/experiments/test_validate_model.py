"""What is left out, and how genes are divided."""

import numpy as np
import pytest

from histoexpr import make_histone_cells
from histoexpr.experiments import make_model
from histoexpr.experiments._validate_model import _divide, validate_model


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=2, n_genes=120, random_state=0)


HOW = {"genes": "auto", "n_splits": 5, "random_state": 0}


def test_genes_are_divided_by_chromosome_where_all_are_known(cells):
    how, said = _divide(cells, **HOW)
    assert how == {"genes": "chromosome", "n_splits": 5, "folds_random_state": 0}
    assert said == ["Held out: 5 folds of whole chromosomes."]
    two = cells.take(np.isin(cells.chrom, np.unique(cells.chrom)[:2]))
    assert _divide(two, **HOW)[0]["n_splits"] == 2
    for chrom in (None, np.where(cells.gene == cells.gene[0], "", cells.chrom)):
        how, said = _divide(cells.replace(chrom=chrom), **HOW)
        assert how["genes"] == "kfold"
        assert said == ["Held out: 5 folds of random genes."]
    how, said = _divide(cells, **{**HOW, "genes": "split"})
    assert how["genes"] == "split"
    assert "fitted on all genes" in said[0]


def test_few_genes_make_few_folds(cells):
    few = cells.take(range(3)).replace(chrom=None)
    assert _divide(few, **HOW)[0]["n_splits"] == 3
    assert _divide(few.take([0]), **HOW) == (
        None,
        ["Not scored: there is one gene, and none to leave out."],
    )


def test_no_test_gene_is_trained_on_and_all_are_tested_once(cells):
    model = make_model("m", "logistic")
    how = {"validate": "cells", "n_jobs": None, "verbose": 0}
    results, _ = validate_model("m", model, cells, "label", HOW, **how)
    rows = results.select("other cells", "m")
    tested = [g for row in rows.itertuples() for g in results.predictions(row)["gene"]]
    assert sorted(tested) == sorted(cells.gene.tolist())
    assert (rows["train_cells"].map(set) != rows["test_cell"].map(lambda c: {c})).all()
    assert (rows["n_train"] + rows["n_test"] == 120).all()


def test_labels_of_three_classes_are_not_scored(cells):
    three = cells.replace(y=np.arange(240) % 3)
    how = {"validate": "auto", "n_jobs": None, "verbose": 0}
    results, said = validate_model("m", make_model("m", "boosting"), three, "label", HOW, **how)
    assert results is None
    assert said == ["Not scored: there are 3 classes, and scores are of two."]
