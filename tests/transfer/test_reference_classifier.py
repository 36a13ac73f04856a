import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

from histoexpr import (
    BinPooler,
    CellNormalizer,
    ReferenceClassifier,
    make_histone_cells,
    variable_genes,
)
from histoexpr.exceptions import HistoexprWarning


@pytest.fixture(scope="module")
def cells():
    data, reference = make_histone_cells(
        n_cells=4, n_genes=1500, n_reference_cells=20, random_state=1
    )
    own = pd.DataFrame(
        {name: data.select(cells=name).expression for name in data.cells}, index=data.genes
    )
    return data, pd.concat([reference.to_frame(), own[["C01", "C02"]]], axis=1)


@pytest.fixture(scope="module")
def halves(cells):
    """Training cell on some genes; the others of a new cell."""
    data, table = cells
    first, last = data.select(cells=["C01", "C02"]), data.select(cells="C04")
    test = np.isin(last.gene, data.genes[1000:])
    return first[np.isin(first.gene, data.genes[:1000])], last, test, table


@pytest.fixture(scope="module")
def fitted(halves):
    train, _, _, table = halves
    return ReferenceClassifier(reference=table).fit(train)


def test_both_beat_signals_and_reference_on_new_genes_of_a_new_cell(halves, fitted):
    _, new, test, _ = halves
    parts = fitted.explain(new)[test]
    y = new.y[test]
    scores = {
        name: roc_auc_score(y, parts[name]) for name in ("probability", "reference", "signals")
    }
    assert scores["probability"] > max(scores["reference"], scores["signals"]) + 0.01
    assert log_loss(y, parts["probability"]) < min(
        log_loss(y, parts["reference"]), log_loss(y, parts["signals"])
    )


def test_on_genes_that_vary_between_other_cells_it_beats_both_too(cells, halves, fitted):
    data, _ = cells
    _, new, test, _ = halves
    vary = np.isin(new.gene, variable_genes(data, without="C04"))
    parts, y = fitted.explain(new)[test & vary], new.y[test & vary]
    assert roc_auc_score(y, parts["probability"]) > 0.01 + max(
        roc_auc_score(y, parts[name]) for name in ("reference", "signals")
    )


def test_a_reference_without_any_relation_does_not_help_or_harm(halves):
    train, new, test, table = halves
    shuffled = table.drop(columns=["C01", "C02"]).sample(frac=1, random_state=0)
    shuffled.index = table.index
    model = ReferenceClassifier(reference=shuffled).fit(train)
    parts, y = model.explain(new)[test], new.y[test]
    assert abs(roc_auc_score(y, parts["reference"]) - 0.5) < 0.08
    assert roc_auc_score(y, parts["probability"]) > roc_auc_score(y, parts["signals"]) - 0.01
    assert model.cell_report(new).loc["C04", "case"] == "no relatives"


def test_a_cell_is_not_its_own_reference(halves, fitted):
    train, _, _, table = halves
    other = table.assign(C01=np.random.default_rng(0).permutation(table["C01"].to_numpy()))
    first = train.select(cells="C01")
    table_only = ReferenceClassifier(reference=table).fit(first)
    changed = ReferenceClassifier(reference=other).fit(first)
    np.testing.assert_array_equal(
        table_only.decision_function(first), changed.decision_function(first)
    )
    assert np.isnan(fitted.similarity(train).loc["C01", "C01"])


def test_a_training_cell_under_another_name_in_the_reference_is_refused(halves):
    train, _, _, table = halves
    with pytest.raises(ValueError, match=r"ectoderm.*C01"):
        ReferenceClassifier(reference=table.rename(columns={"C01": "ectoderm"})).fit(train)


def test_labels_of_the_new_cell_are_not_used(halves, fitted):
    _, new, _, _ = halves
    hidden = new.replace(y=None, expression=None)
    np.testing.assert_array_equal(fitted.predict_proba(new), fitted.predict_proba(hidden))


def test_genes_outside_the_reference_rest_on_signals(halves, fitted):
    train, new, _, table = halves
    part = ReferenceClassifier(reference=table.iloc[::2]).fit(train)
    parts = part.explain(new)
    known = np.isin(new.gene, table.index[::2])
    np.testing.assert_array_equal(parts["in_reference"], known)
    assert parts["reference"].isna().equals(pd.Series(~known))
    np.testing.assert_array_equal(parts["probability"][~known], parts["signals"][~known])
    assert not parts["switched"][~known].any()


def test_learned_cells_are_predicted_gene_by_gene_as_together(halves, fitted):
    _, new, _, _ = halves
    model = pickle.loads(pickle.dumps(fitted)).learn_cells(new)
    assert model.new_cells_.tolist() == ["C04"]
    whole = model.decision_function(new)
    np.testing.assert_array_equal(whole, fitted.decision_function(new))
    np.testing.assert_array_equal(whole[7:9], model.decision_function(new[7:9]))
    shuffled = np.random.default_rng(0).permutation(len(new))
    np.testing.assert_array_equal(whole[shuffled], fitted.decision_function(new[shuffled]))


def test_a_few_genes_of_a_new_cell_are_refused_and_of_a_training_cell_are_not(halves, fitted):
    train, new, _, _ = halves
    with pytest.raises(ValueError, match=r"C04.*learn_cells"):
        fitted.predict(new[:5])
    assert fitted.predict(train[:1]).shape == (1,)


def test_two_new_cells_at_a_time_are_as_one_by_one(cells, fitted):
    data, _ = cells
    both = data.select(cells=["C03", "C04"])
    together = fitted.decision_function(both)
    apart = [fitted.decision_function(both.select(cells=name)) for name in ("C03", "C04")]
    np.testing.assert_array_equal(together, np.concatenate(apart))


def test_the_report_tells_relatives_and_names_them(cells):
    data, table = cells
    groups = data.meta["groups"]
    model = ReferenceClassifier(reference=table).fit(data.select(cells=["C01", "C02"]))
    report = model.cell_report(data)
    assert report.index.tolist() == ["C01", "C02", "C03", "C04"]
    assert (report["n_genes"] == 1500).all()
    assert (report["n_in_reference"] == 1500).all()
    assert set(groups) >= set(report.index)
    weights = model.similarity(data)
    assert weights.shape == (22, 4)
    first = report.loc["C03", "most_similar"].split(", ")[0]
    assert weights["C03"].idxmax() == first


def test_arrays_and_data_sets_without_reference_say_that_signals_are_left(halves):
    train, _, _, table = halves
    with pytest.warns(HistoexprWarning, match="HistoneDataset"):
        model = ReferenceClassifier(reference=table).fit(train.X, train.y)
    with pytest.warns(HistoexprWarning, match="reference is None"):
        named = ReferenceClassifier().fit(train)
    with pytest.warns(HistoexprWarning, match="G00001"):
        other = ReferenceClassifier(reference=table.set_axis(range(len(table)))).fit(train)
    assert np.isfinite(model.decision_function(train.X)).all()
    assert named.n_in_reference_ == other.n_in_reference_ == 0


def test_any_classifier_and_pipeline_works(halves):
    train, new, test, table = halves
    boosting = make_pipeline(
        CellNormalizer(),
        BinPooler("sum", n_regions=5),
        HistGradientBoostingClassifier(max_iter=30, random_state=0),
    )
    model = ReferenceClassifier(boosting, reference=table).fit(train)
    assert roc_auc_score(new.y[test], model.predict_proba(new)[test, 1]) > 0.95


def test_in_cross_validation_over_genes(halves):
    train, _, _, table = halves
    scores = cross_val_score(
        ReferenceClassifier(reference=table),
        train,
        train.y,
        groups=train.gene,
        cv=GroupKFold(3),
        scoring="roc_auc",
    )
    assert scores.min() > 0.93


def test_texts_as_labels_and_cloning(halves, fitted):
    train, new, _, _ = halves
    named = clone(fitted).fit(train, np.where(train.y == 1, "on", "off"))
    assert named.classes_.tolist() == ["off", "on"]
    np.testing.assert_array_equal(named.predict(new) == "on", fitted.predict(new) == 1)
    np.testing.assert_array_equal(named.predict_proba(new), fitted.predict_proba(new))


def test_faults_are_named(halves):
    train, _, _, table = halves
    with pytest.raises(ValueError, match="two classes"):
        ReferenceClassifier(reference=table).fit(train, np.ones(len(train)))
    with pytest.raises(ValueError, match="one gene only"):
        ReferenceClassifier(reference=table).fit(train.select(genes="G00001"), [0, 1])
