"""Data with gaps: one cell, missing genes, one class, odd names."""

import csv

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from histoexpr.experiments import StudySpec
from histoexpr.experiments._data import StudyData
from histoexpr.experiments._plan import make_plan
from support.study_cases import study_of, without

OWN = {"name": "own", "regime": "own"}
EACH = {"name": "each", "regime": "each"}
OTHERS = {"name": "others", "regime": "exclusive"}
NEAREST = {"name": "nearest", "regime": "exclusive", "cells": "nearest", "n_cells": 1}


class Watch(ClassifierMixin, BaseEstimator):
    """Notes the samples that it is fitted on and those that it predicts."""

    fits = []

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        Watch.fits.append((X[:, 0, 0].copy(), []))
        return self

    def predict_proba(self, X):
        Watch.fits[-1][1].append(X[:, 0, 0].copy())
        positive = (X[:, 0, 0] % 7) / 7
        return np.column_stack([1 - positive, positive])


@pytest.mark.parametrize("genes", ["split", "kfold", "chromosome"])
def test_no_gene_is_trained_and_tested_on(cells, tmp_path, genes):
    data = without(cells, np.random.default_rng(0).random(cells.n_samples) < 0.3)
    X = np.zeros(data.X.shape, dtype=np.uint16)
    X[:, 0, 0] = np.arange(data.n_samples)
    Watch.fits = []
    experiments = [
        OWN,
        EACH,
        OTHERS,
        NEAREST,
        {"name": "all", "regime": "inclusive"},
        {"name": "random", "regime": "inclusive", "cells": "random", "n_cells": [1, 2, "all"]},
        {"name": "genes", "regime": "exclusive", "n_genes": [20, 40]},
        {"name": "size", "regime": "exclusive", "train_size": "one cell"},
    ]
    study = study_of(
        data.replace(X=X),
        tmp_path,
        *experiments,
        models={"watch": Watch()},
        genes=genes,
        n_splits=3,
    )
    assert len(Watch.fits) == len(study.times)
    n_tests = 0
    for trained, predicted in Watch.fits:
        # what is predicted first are training samples, for the threshold
        assert set(predicted[0]) <= set(trained)
        for tested in predicted[1:]:
            assert not set(data.gene[trained]) & set(data.gene[tested])
            assert len(set(data.cell[tested])) == 1
            n_tests += 1
    rows = study.select(model="watch")
    fits = set(zip(rows["fit"], rows["test_cell"], strict=True))
    assert n_tests == len(fits)
    for row in study.select("others").itertuples():
        assert row.test_cell not in row.train_cells


def test_a_cell_with_training_genes_only_is_trained_on(cells, tmp_path):
    data = without(cells, (cells.cell == "C01") & (cells.split == "test"))
    with pytest.raises(ValueError, match=r"C01 has no test genes .*test_cells"):
        study_of(data, tmp_path / "all", OTHERS)
    tested = ["C02", "C03", "C04"]
    study = study_of(data, tmp_path / "named", OTHERS | {"test_cells": tested})
    assert study.cells == tested
    assert set(study.select("others", test_cell="C02")["train_cells"].map(min)) == {"C01"}
    for cell in tested:
        found = study.predictions(study.select("others", test_cell=cell).iloc[0])
        rows = (data.cell == cell) & (data.split == "test")
        np.testing.assert_array_equal(found["label"], data.y[rows])
        np.testing.assert_array_equal(found["gene"], data.gene[rows])


def test_a_cell_without_training_genes_is_tested_on(cells, tmp_path):
    data = without(cells, (cells.cell == "C01") & (cells.split == "train"))
    with pytest.raises(ValueError, match=r"training genes in cell C01 .* are missing"):
        study_of(data, tmp_path / "own", OWN)
    with pytest.raises(ValueError, match=r"asks for 1 training cells, but there are 0 .*C01"):
        study_of(data, tmp_path / "nearest", NEAREST)
    # among the others, nobody is nearest to a cell that cannot be compared
    tested = ["C02", "C03", "C04"]
    study = study_of(data, tmp_path / "named", OTHERS, NEAREST | {"test_cells": tested})
    assert len(study.scores("others")) == 4
    assert ("C01",) not in set(study.select("nearest")["train_cells"])
    assert study.by_cell("baseline", "majority class").index.tolist() == tested


def test_training_genes_of_one_class_are_reported_before_the_work(cells, tmp_path):
    y = np.where((cells.cell == "C01") & (cells.split == "train"), 1, cells.y)
    with pytest.raises(ValueError, match=r"genes in cell C01 .* are all of one class"):
        study_of(cells.replace(y=y), tmp_path, OTHERS, OWN)
    assert not (tmp_path / "out").exists()


def test_one_cell(cells, tmp_path):
    one = cells.select(cells="C03")
    study = study_of(one, tmp_path / "own", OWN, EACH)
    assert study.scores("own") == study.scores("each")
    assert "same-gene consensus" not in study.models
    assert study.statistics.means["model"].unique().tolist() == ["linear", "majority class"]
    with pytest.raises(ValueError, match="other cells than the test cell, but there is only C03"):
        study_of(one, tmp_path / "others", OWN, OTHERS)


def test_a_fold_in_which_no_cell_is_similar(cells, tmp_path):
    # the first fold of genes alone has expression that differs between cells
    plain = StudySpec([OWN], {"linear": "linear"}, genes="kfold", n_splits=2)
    tested_first = StudyData(cells, plain.division).folds.codes == 0
    noise = np.random.default_rng(0).gamma(1, 1, cells.n_samples)
    gene = np.unique(cells.gene, return_inverse=True)[1]
    alike = cells.replace(expression=np.where(tested_first, noise * 100, gene + noise))
    experiment = {"name": "similar", "regime": "exclusive", "cells": "similar", "threshold": 0.9}
    study = study_of(alike, tmp_path, experiment, genes="kfold", n_splits=2)
    # genes of the first fold are trained on in the second
    assert set(study.select("similar")["fold"]) == {"1"}
    assert study.folds == ["1", "2"]
    flipped = alike.replace(expression=np.where(tested_first, gene + noise, noise * 100))
    study = study_of(flipped, tmp_path / "flipped", experiment, genes="kfold", n_splits=2)
    assert set(study.select("similar")["fold"]) == {"2"}
    assert study.folds == ["1", "2"]
    row = study.select("similar").iloc[0]
    rows = ~tested_first & (cells.cell == row["test_cell"])
    np.testing.assert_array_equal(study.predictions(row)["label"], cells.y[rows])


def test_sizes_that_come_to_the_same_are_one(cells, tmp_path):
    sizes = {"cells": "random", "n_cells": [2, 3, "all", 2], "test_cells": ["C01", "C01"]}
    study = study_of(cells, tmp_path, OTHERS | sizes)
    assert study.select("others")["n_cells"].tolist() == [2, 3]


@pytest.mark.filterwarnings("ignore:Glyph")
def test_odd_names(cells, tmp_path):
    names = np.array(["a/b", "..", "细胞, ü", "con"])
    data = cells.replace(cell=names[np.searchsorted(cells.cells, cells.cell)])
    models = {"../up": "linear", "x" * 300: "linear", "a\nb": "linear"}
    study = study_of(data, tmp_path, OWN | {"name": "own, «1»"}, models=models)
    plain = study_of(cells, tmp_path / "plain", OWN)
    old = dict(zip(cells.cells, names, strict=True))
    expected = {old[cell]: value for cell, value in plain.by_cell("own").items()}
    for model in models:
        assert study.by_cell("own, «1»", model).to_dict() == expected
    with open(tmp_path / "out" / "results.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["test_cell"] for row in rows} == set(names)
    assert {row["model"] for row in rows} >= set(models)
    assert {path.name for path in tmp_path.iterdir()} == {"data", "out", "plain"}


def test_an_epoch_is_chosen_on_the_test_cell_in_the_predefined_split_only(cells):
    leaking = {"name": "e", "regime": "own", "validation": "leaking-test-cell"}
    for genes in ("auto", "kfold"):
        spec = StudySpec([leaking], {"linear": "linear"}, genes=genes)
        with pytest.raises(ValueError, match=r"neither trained on nor tested.*genes='split'"):
            make_plan(spec, StudyData(cells, spec.division))
    spec = StudySpec([leaking], {"linear": "linear"}, genes="split")
    assert {fit.validation for fit in make_plan(spec, StudyData(cells, spec.division)).fits} == {
        "leaking-test-cell"
    }
