"""Fitting a model for each subset of marks, and choosing among them."""

import pickle

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    Flattener,
    HistoneCNNClassifier,
    HistoneDataset,
    HistoneLinearClassifier,
    MarkSubsetClassifier,
    MarkSubsetRegressor,
    make_histone_cells,
)
from histoexpr.exceptions import HistoexprWarning

REGIONS = HistoneLinearClassifier(n_regions=10)


@pytest.fixture(scope="module")
def data():
    return make_histone_cells(3, 300, random_state=0)


@pytest.fixture(scope="module")
def fitted(data):
    return MarkSubsetClassifier().fit(data.select(cells=["C01", "C02"]))


def test_each_subset_has_the_model_that_it_would_have_alone(data, fitted):
    train, new = data.select(cells=["C01", "C02"]), data.select(cells="C03")
    assert len(fitted.models_) == len(fitted.subsets_) == 31
    np.testing.assert_array_equal(fitted.n_samples_fit_, 600)
    for marks in (data.marks, data.marks[1:], ["H3K36me3", "H3K27me3"], ["H3K4me3"]):
        alone = clone(REGIONS).fit(train.select(marks=marks))
        part = new.select(marks=marks)
        np.testing.assert_allclose(
            fitted.decision_function(part), alone.decision_function(part), atol=1e-5
        )
        used = fitted.marks_used(part)
        assert list(used.columns) == data.marks
        assert used.to_numpy().tolist() == [[mark in marks for mark in data.marks]] * len(part)


def test_a_mixed_batch_is_served_sample_by_sample(data, fitted):
    new = data.select(cells="C03")
    parts = [
        new[:100],
        new[100:200].select(marks=new.marks[:3]),
        new[200:].select(marks=["H3K4me3"]),
    ]
    mixed = HistoneDataset.concat([part.with_marks(data.marks) for part in parts])
    expected = np.concatenate([fitted.predict_proba(part) for part in parts])
    np.testing.assert_allclose(fitted.predict_proba(mixed), expected, atol=1e-6)
    order = np.random.default_rng(0).permutation(300)
    np.testing.assert_allclose(fitted.predict_proba(mixed[order]), expected[order], atol=1e-6)
    for X in (mixed.X, mixed.as_frame(), mixed.as_frame().iloc[:, ::-1]):
        np.testing.assert_allclose(fitted.predict_proba(X), expected, atol=1e-6)
    np.testing.assert_array_equal(
        fitted.marks_used(mixed).sum(axis=1), [5] * 100 + [3] * 100 + [1] * 100
    )


def test_training_samples_may_lack_marks_too(data):
    whole, part = data.select(cells="C01"), data.select(cells="C02", marks=data.marks[:2])
    train = HistoneDataset.concat([whole, part.with_marks(data.marks)])
    model = MarkSubsetClassifier(min_marks=2).fit(train)
    sizes = dict(zip(model.subsets_, model.n_samples_fit_.tolist(), strict=True))
    assert sizes[tuple(data.marks)] == 300
    assert sizes[tuple(data.marks[:2])] == 600
    assert len(sizes) == 26
    both = data.select(cells=["C01", "C02"], marks=data.marks[:2])
    new = data.select(cells="C03")
    for test, learned in ((new, whole), (new.select(marks=data.marks[:2]), both)):
        alone = clone(REGIONS).fit(learned)
        np.testing.assert_allclose(
            model.decision_function(test), alone.decision_function(test), atol=1e-4
        )
    # no sample has the first mark and the last: such subsets have no model
    train = HistoneDataset.concat(
        [
            whole.select(marks=marks).with_marks(data.marks)
            for marks in (data.marks[:2], data.marks[2:])
        ]
    )
    model = MarkSubsetClassifier().fit(train)
    assert len(model.subsets_) == 3 + 7
    assert model.marks_used(new).sum(axis=1).eq(3).all()
    with pytest.raises(ValueError, match="with the marks H3K27me3, H3K9me3 there are none"):
        MarkSubsetClassifier(subsets=[["H3K27me3", "H3K9me3"]]).fit(train)


def test_stated_subsets_serve_what_has_them(data):
    model = MarkSubsetClassifier(subsets=[data.marks[:3], ["H3K4me3"]]).fit(data)
    assert model.subsets_ == [tuple(data.marks[:3]), ("H3K4me3",)]
    used = model.marks_used(data)
    assert used.to_numpy()[0].tolist() == [True, True, True, False, False]
    assert model.marks_used(data.select(marks=data.marks[1:])).to_numpy()[0].sum() == 1
    with pytest.raises(
        ValueError,
        match=r"sample 0 \(gene G00001, cell C01\).*has H3K9me3, and.*H3K27me3 \+ H3K36me3",
    ):
        model.predict(data.select(marks=["H3K9me3"]))


def test_fewer_marks_than_needed_are_refused(data):
    model = MarkSubsetClassifier(min_marks=4).fit(data.X, data.y)
    X = data.X[:5].astype(float)
    assert model.predict(X).shape == (5,)
    X[3, :, :2] = np.nan
    with pytest.raises(
        ValueError, match=r"sample 3 of X: it has mark3, mark4, mark5, and.*at least 4"
    ):
        model.predict(X)
    X[3] = np.nan
    with pytest.raises(ValueError, match="it has none of the marks"):
        model.predict(X)
    X[:] = np.nan
    with pytest.raises(ValueError, match=r"at least 4 of the marks mark1.*there are none"):
        MarkSubsetClassifier(min_marks=4).fit(X, data.y[:5])


def test_unknown_marks_are_left_out_and_suspicious_ones_said(data, fitted):
    new = data.select(cells="C03")
    wider = new.replace(
        X=np.concatenate([new.X, new.X[:, :, :1]], axis=2), marks=[*new.marks, "H3K27ac"]
    )
    np.testing.assert_allclose(fitted.predict_proba(wider), fitted.predict_proba(new), atol=1e-6)
    spelled = new.replace(marks=[mark.lower() for mark in new.marks])
    np.testing.assert_allclose(fitted.predict_proba(spelled), fitted.predict_proba(new), atol=1e-6)
    renamed = new.replace(marks=[*new.marks[:4], "K9me3"])
    with pytest.warns(HistoexprWarning, match="lacks H3K9me3 and has K9me3"):
        found = fitted.predict_proba(renamed)
    np.testing.assert_allclose(
        found, fitted.predict_proba(new.select(marks=new.marks[:4])), atol=1e-6
    )
    with (
        pytest.raises(ValueError, match="it has none of the marks"),
        pytest.warns(HistoexprWarning),
    ):
        fitted.predict(new.replace(marks=list("abcde")))


def test_other_bins_are_refused(data, fitted):
    half = data.replace(X=data.X[:, :50], window=(-5000, 0))
    with pytest.raises(ValueError, match=r"X has 50 bins.*with 100"):
        fitted.predict(half)
    with pytest.raises(ValueError, match=r"\(100, 4\).*fitted with \(100, 5\)"):
        fitted.predict(data.X[:, :, :4])
    with pytest.raises(ValueError, match="bins along the genome"):
        fitted.predict(data.replace(oriented=False))
    with pytest.raises(NotFittedError):
        MarkSubsetClassifier().predict(data)


def test_pipelines_frames_and_plain_estimators_are_wrapped(data):
    train, new = data.select(cells=["C01", "C02"]), data.select(cells="C03", marks=data.marks[:2])
    pooled = make_pipeline(BinPooler("sum"), LogisticRegression())
    flat = make_pipeline(Flattener(), RandomForestClassifier(20, random_state=0))
    for inner in (pooled, flat):
        model = MarkSubsetClassifier(inner, subsets=[data.marks, data.marks[:2]]).fit(train)
        alone = clone(inner).fit(train.select(marks=data.marks[:2]), train.y)
        np.testing.assert_array_equal(model.predict_proba(new), alone.predict_proba(new))
        assert not hasattr(model, "decision_function") or inner is pooled
    framed = MarkSubsetClassifier().fit(train.as_frame(), train.y)
    direct = MarkSubsetClassifier().fit(train)
    np.testing.assert_allclose(framed.predict_proba(new), direct.predict_proba(new), atol=1e-6)


def test_weights_and_groups_go_to_the_models(data):
    rows = data.select(cells="C01")
    weight = np.repeat([1.0, 0.0], 150)
    model = MarkSubsetClassifier(min_marks=5).fit(rows, sample_weight=weight)
    half = MarkSubsetClassifier(min_marks=5).fit(rows[:150])
    np.testing.assert_allclose(
        model.decision_function(rows), half.decision_function(rows), atol=1e-4
    )
    flat = make_pipeline(Flattener(), LogisticRegression())
    with pytest.raises(ValueError, match="Pipeline takes no sample_weight"):
        MarkSubsetClassifier(flat).fit(rows, sample_weight=weight)
    cnn = HistoneCNNClassifier(
        n_filters=2, hidden_sizes=(4,), max_epochs=1, early_stopping=True, random_state=0
    )
    groups = pd.DataFrame({"cell": data.cell, "gene": data.gene})
    fitted = [
        MarkSubsetClassifier(cnn, min_marks=5)
        .fit(data.X, data.y, groups=given)
        .predict_proba(data)
        for given in (groups, data.groups, list(zip(data.cell, data.gene, strict=True)))
    ]
    np.testing.assert_array_equal(fitted[0], fitted[1])
    np.testing.assert_array_equal(fitted[0], fitted[2])


def test_parallel_fits_and_pickles_are_the_same(data, fitted):
    train, new = data.select(cells=["C01", "C02"]), data.select(cells="C03", marks=data.marks[1:])
    with parallel_config(backend="threading"):
        parallel = MarkSubsetClassifier(n_jobs=2).fit(train)
    kept = pickle.loads(pickle.dumps(parallel))
    for model in (parallel, kept):
        np.testing.assert_array_equal(model.predict_proba(new), fitted.predict_proba(new))


def test_default_has_regions_only_where_there_are_bins(data):
    assert MarkSubsetClassifier().fit(data).models_[0].n_regions == 10
    few = data.replace(X=data.X[:, :4], window=(-200, 200))
    assert MarkSubsetRegressor(min_marks=5).fit(few).models_[0].n_regions == 4
    assert MarkSubsetClassifier().fit(data.X.sum(axis=1), data.y).models_[0].n_regions == 1
