"""The tables of the page hold what results and statistics hold."""

import re

import numpy as np
import pandas as pd

from histoexpr.experiments import signed
from histoexpr.reports._tables import (
    format_columns,
    interval,
    number,
    one_row_per_regime,
    p_value,
    study_tables,
)


def mean_of(study, row, metric):
    """The mean over cells of what a row of a table names, from the records."""
    size = re.fullmatch(r"(n), (\d) cells?", row["experiment"])
    if row["experiment"] == "each <b>":
        score = study.matrix(row["model"], "each <b>").score(metric)
        return score[~np.eye(len(score), dtype=bool)].mean()
    sizes = {} if size is None else {"n_cells": int(size[2])}
    name = row["experiment"] if size is None else size[1]
    return study.by_cell(name, row["model"], metric, **sizes).mean()


def test_tables_of_scores_hold_the_scores(study, tables):
    ranking, calibration = tables[0], tables[5]
    means = study.statistics.means.to_dict("records")
    assert len(ranking) == len(calibration) == len(means) == 5 * 3 + 3
    for rows, names in (
        (ranking, {"AUROC": "roc_auc", "average precision": "average_precision"}),
        (calibration, {"log loss": "log_loss", "Brier": "brier_score_loss"}),
    ):
        for row, mean in zip(rows, means, strict=True):
            assert [row["experiment"], row["model"]] == [mean["group"], mean["model"]]
            for head, metric in names.items():
                # of a share of 0 or 1 there is no log loss
                hard = (metric, row["model"]) == ("log_loss", "same-gene consensus")
                expected = "–" if hard else f"{mean_of(study, row, metric):.3f}"
                assert row[head] == expected
    for row, mean in zip(calibration, means, strict=True):
        assert row["calibration error"] == f"{mean['expected_calibration_error']:.3f}"
        assert row["balanced accuracy"] == f"{mean['balanced_accuracy']:.3f}"
        if row["experiment"] in ("own", "others"):
            for head, metric in (
                ("accuracy at 0.5", "accuracy"),
                ("at transferred threshold", "transferred_accuracy"),
            ):
                assert row[head] == f"{mean_of(study, row, metric):.3f}"
    for row, mean in zip(ranking, means, strict=True):
        assert row["95 % over cells"] == "–"  # of four cells
        assert row["95 % over chromosomes"] == interval(
            mean["low_by_genes"], mean["high_by_genes"]
        )
        assert row["seed noise"] == "–"  # of one seed
        assert (row["training samples"] == "–") == (row["experiment"] == "baseline")
    low, high = ranking[0]["95 % over chromosomes"].split(" to ")
    assert float(low) < float(ranking[0]["AUROC"]) < float(high)
    n_train = study.select("others", "linear")["n_train"].iloc[0]
    row = next(r for r in ranking if (r["experiment"], r["model"]) == ("others", "linear"))
    assert row["training samples"] == f"{n_train:,}"


def test_table_of_what_changes_between_cells(study, tables):
    frame = study.between_cells
    scores = frame.set_index(["group", "model", "metric"])
    assert [(r["experiment"], r["model"]) for r in tables[3]] == list(
        dict.fromkeys(zip(frame["group"], frame["model"], strict=True))
    )
    for row in tables[3]:
        place = row["experiment"], row["model"]
        score = scores.loc[(*place, "roc_auc_variable")]
        assert row["AUROC, variable genes"] == f"{score['score']:.3f}"
        knows_cells = row["experiment"] != "baseline"
        assert (row["order right"] != "–") == knows_cells
        if knows_cells:
            score = scores.loc[(*place, "within_gene_spearman")]
            assert row["within-gene ρ"] == f"{score['score']:.3f}"
            # of columns of one name the last is kept
            assert row["95 %"] == interval(score["low"], score["high"])
            assert row["genes"] == f"{score['n_genes']:,}"
    fitted = [r for r in tables[3] if r["experiment"] != "baseline"]
    assert [r["model"] for r in tables[4]] == [r["model"] for r in fitted]
    for row in tables[4]:
        place = row["experiment"], row["model"]
        score = scores.loc[(*place, "fold_change_pearson")]
        assert row["Pearson’s r of fold change"] == f"{score['score']:.3f}"
        score = scores.loc[(*place, "switching_roc_auc")]
        assert row["AUROC of direction"] == f"{score['score']:.3f}"


def test_models_stand_against_baselines_and_cells_beside_their_dependence(study, tables):
    expected = study.statistics.against_baselines
    assert len(tables[1]) == len(expected) == 5 * 3 * 2 * 2
    for row, found in zip(tables[1], expected.itertuples(), strict=True):
        assert [row["experiment"], row["model"], row["less"]] == [
            found.group, found.model, found.baseline]  # fmt: skip
        assert row["difference"] == signed(found.difference)
        assert row["95 % over chromosomes"] == interval(found.low, found.high, signed)
        assert row["Holm p"] == p_text(found.p_holm)
    dependent = study.statistics.intervals.dropna(subset="morans_i")
    assert len(tables[2]) == len(dependent) == 5 * 3 + 2
    for row, found in zip(tables[2], dependent.itertuples(), strict=True):
        assert row["Moran’s I"] == signed(found.morans_i, 2)
        assert row["without dependence"] == "−0.33"
        assert row["clusters"] == f"{found.n_clusters:.0f}"
    assert [row["AUROC of variable genes"] for row in tables[0]] == [
        number(value) for value in study.statistics.means["roc_auc_variable"]
    ]


def p_text(value):
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def plain(frame):
    return frame[~frame["group"].str.startswith("n,")]


def test_table_of_models_holds_their_differences(study, tables):
    rows, tests = tables[6], plain(study.statistics.models)
    assert len(rows) == len(tests) == 3 * 3
    for row, test in zip(rows, tests.itertuples(), strict=True):
        assert row["experiment"] == test.group
        first, second = row["models"].split(" − ")
        difference = mean_of(study, row | {"model": first}, "roc_auc")
        difference -= mean_of(study, row | {"model": second}, "roc_auc")
        assert row["score"] == "AUROC"
        assert row["difference"] == signed(difference)
        assert row["90 % over cells"] == f"{signed(test.low_90)} to {signed(test.high_90)}"
        ends = map(signed, (test.low_by_genes, test.high_by_genes))
        assert row["95 % over chromosomes"] == " to ".join(ends)
        assert row["Wilcoxon p"] == p_text(test.p_value)
        assert row["Holm p"] == p_text(test.p_holm)
        assert row["Holm p of equivalence"] == p_text(test.p_equivalence_holm)
        over_genes = row["Holm p of equivalence over chromosomes"]
        assert over_genes == p_text(test.p_equivalence_by_genes_holm)
        for head, equivalent in (
            ("equivalent over cells", test.equivalent),
            ("equivalent over chromosomes", test.equivalent_by_genes),
        ):
            assert row[head] == ("yes" if equivalent else "not shown")
        assert row["cells"] == "4"


def test_tables_of_regimes_hold_differences_from_the_own_cell(study, tables):
    ranking, calibration = tables[7:9]
    found = plain(study.statistics.regimes).set_index(["group", "model", "metric"])
    places = found.index.droplevel("metric").unique()
    assert len(ranking) == len(calibration) == len(places) == 2 * 3
    for row, other, (group, model) in zip(ranking, calibration, places, strict=True):
        assert [row["experiment"], row["model"], row["against"]] == [group, model, "own"]
        own = {"experiment": "own", "model": row["model"]}
        for shown, head, metric in ((row, "AUROC", "roc_auc"), (other, "log loss", "log_loss")):
            difference = mean_of(study, row, metric) - mean_of(study, own, metric)
            assert shown[head] == signed(difference)
        entry = found.loc[(group, model, "roc_auc")]
        ends = map(signed, entry[["low_by_genes", "high_by_genes"]])
        assert row["95 % over chromosomes"] == " to ".join(ends)
        assert row["Wilcoxon p"] == p_text(entry["p_value"])
        assert row["Holm p"] == p_text(entry["p_holm"])
        entry = found.loc[(group, model, "transferred_accuracy")]
        assert other["accuracy at transferred threshold"] == signed(entry["mean_difference"])
        # of two columns of one name the last is kept
        assert other["Holm p"] == p_text(entry["p_holm"])


def test_table_of_pairs_holds_the_matrix(study, tables):
    rows = tables[9]
    assert len(rows) == 3 * 16
    pairs = study.statistics.pairs.set_index(["model", "train_cell", "test_cell"])
    for row in rows:
        matrix = study.matrix(row["model"], "each <b>").table
        assert row["of"] == "AUROC"
        assert row["score"] == f"{matrix.loc[row['training cell'], row['test cell']]:.3f}"
        pair = pairs.loc[(row["model"], row["training cell"], row["test cell"])]
        assert row["95 % over chromosomes"] == interval(pair["low"], pair["high"])


def test_values_as_text():
    assert [number(1234.5678), number(0.12345, 4), number(None)] == ["1,234.568", "0.1235", "–"]
    assert interval(0.1, 0.25) == "0.100 to 0.250"
    assert interval(-0.1, 0, signed) == "−0.100 to 0.000"
    assert interval(0.1, np.nan) == interval(None, 0.1) == "–"
    assert [p_value(p) for p in (0.0009, 0.001, 0.0495, np.nan)] == [
        "< 0.001",
        "0.001",
        "0.050",
        "–",
    ]


def test_columns_of_a_frame_as_text():
    frame = pd.DataFrame({"name": ["<a>", "b"], "low": [0.1, None], "high": [0.2, 0.3]})
    columns = {"name": ("who", str), ("low", "high"): ("reach", interval), "n": ("n", number)}
    assert format_columns(frame, columns) == {
        "head": ["who", "reach", "n"],
        "rows": [["<a>", "0.100 to 0.200", "–"], ["b", "–", "–"]],
        "n_text": 1,
    }
    assert format_columns(pd.DataFrame(), columns)["rows"] == []


def test_a_regime_has_one_row_where_some_scores_are_not_defined():
    rows = [("z", "m", "own", "log_loss", 1.0), ("a", "m", "own", "log_loss", 2.0)]
    rows.append(("a", "m", "own", "roc_auc", 3.0))
    frame = pd.DataFrame(rows, columns=["group", "model", "own", "metric", "low"])
    wide = one_row_per_regime(frame)
    assert list(wide["group"]) == ["z", "a"]  # in the order of the study
    assert list(wide["log_loss low"]) == [1, 2]
    assert np.isnan(wide["roc_auc low"][0])
    assert one_row_per_regime(pd.DataFrame()).empty


def test_expression_has_tables_beside_regressors(mixed_results, finished_study):
    tables = study_tables(mixed_results)
    pearson = mixed_results.scores("same cell", "ridge").mean()
    assert ["same cell", "ridge", f"{pearson:.3f}"] in [
        r[:3] for r in tables["expression"]["rows"]
    ]
    # a regressor gives no probabilities
    assert not any(row[1] == "ridge" for row in tables["calibration"]["rows"])
    assert not study_tables(finished_study)["expression"]["rows"]
    assert not study_tables(finished_study)["regimes_expression"]["rows"]
