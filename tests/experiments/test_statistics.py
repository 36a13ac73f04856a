"""Statistics of results, beside what the table gives by hand."""

import numpy as np
import pandas as pd
import pytest

from histoexpr.experiments import Statistics, run_study
from histoexpr.experiments._statistics import make_resampled
from histoexpr.metrics import holm
from support.study_cases import SMALL_CNN


def difference_of(study, name, metric="roc_auc", model="cnn"):
    return study.scores(name, model, metric) - study.scores("own", model, metric)


def test_means_are_those_of_the_table(finished_study):
    means = finished_study.statistics.means.set_index(["group", "model"])
    row = means.loc["others", "linear"]
    values = finished_study.scores("others", "linear")
    assert row["roc_auc"] == pytest.approx(values.mean())
    assert np.isnan(row["low_by_cells"])  # four cells are too few
    assert finished_study.statistics.resampled == "chrom"
    assert row["low_by_genes"] < values.mean() < row["high_by_genes"]
    assert row["seed_noise"] == 0  # its solver draws nothing
    row = means.loc["baseline", "same-gene consensus"]
    assert row["low_by_genes"] < row["roc_auc"] < row["high_by_genes"]
    states = [finished_study.scores("others", "cnn", random_state=s).mean() for s in (0, 1)]
    assert means.loc[("others", "cnn"), "seed_noise"] == pytest.approx(np.std(states, ddof=1))
    score = finished_study.matrix("linear", "matrix").score()
    off = score[~np.eye(4, dtype=bool)]
    assert means.loc[("matrix", "linear"), "roc_auc"] == pytest.approx(off.mean())


def test_models_are_compared_in_pairs(finished_study):
    models = finished_study.statistics.models.set_index("group")
    test = models.loc["others"]
    assert (test["first"], test["second"]) == ("linear", "cnn")
    assert finished_study.statistics.margin == 0.01
    scores = [finished_study.scores("others", name) for name in ("linear", "cnn")]
    difference = (scores[0] - scores[1]).mean()
    assert test["mean_difference"] == pytest.approx(difference)
    assert test["low_by_genes"] < difference < test["high_by_genes"]
    assert test["low_90"] < difference < test["high_90"]
    assert not test["equivalent_by_genes"]
    states = [
        finished_study.scores("others", "linear", random_state=s).mean()
        - finished_study.scores("others", "cnn", random_state=s).mean()
        for s in (0, 1)
    ]
    assert test["seed_noise"] == pytest.approx(np.std(states, ddof=1))


def test_regimes_are_compared_with_the_own_cell(finished_study):
    regimes = finished_study.statistics.regimes.set_index(["model", "group", "metric"])
    for metric in ("roc_auc", "log_loss", "transferred_accuracy"):
        row = regimes.loc["cnn", "others", metric]
        expected = difference_of(finished_study, "others", metric).mean()
        assert row["mean_difference"] == pytest.approx(expected)
        states = [
            finished_study.scores("others", "cnn", metric, random_state=s).mean()
            - finished_study.scores("own", "cnn", metric, random_state=s).mean()
            for s in (0, 1)
        ]
        assert row["seed_noise"] == pytest.approx(np.std(states, ddof=1))


def test_pairs_have_intervals_around_them(finished_study):
    pairs = finished_study.statistics.pairs
    pairs = pairs[pairs["model"] == "linear"]
    assert len(pairs) == 16
    assert (pairs["low"] < pairs["score"]).all()
    assert (pairs["score"] < pairs["high"]).all()


def test_p_values_are_adjusted_over_models_and_experiments(finished_study):
    regimes = finished_study.statistics.regimes
    for _, tests in regimes.groupby("metric"):
        assert len(tests) == 4  # two models, and two experiments beside their own cells
        assert tests["p_holm"].tolist() == holm(tests["p_value"]).tolist()


def test_own_cell_is_that_with_the_same_settings(saved_cells, tmp_path):
    steps = {"steps": 4}
    experiments = [
        {"name": "own", "regime": "own"},
        {"name": "own, 4 steps", "regime": "own"} | steps,
        {"name": "others", "regime": "exclusive"},
        {"name": "others, 4 steps", "regime": "exclusive"} | steps,
        {"name": "others, 5 steps", "regime": "exclusive", "steps": 5},
    ]
    spec = {"models": {"cnn": SMALL_CNN}, "experiments": experiments, "genes": "split"}
    study = run_study(spec, saved_cells, tmp_path / "out")
    rows = study.statistics.regimes.query("metric == 'roc_auc'").set_index("group")
    assert rows["own"].to_dict() == {
        "others": "own",
        "others, 4 steps": "own, 4 steps",
        "others, 5 steps": "own",
    }
    expected = study.scores("others, 4 steps") - study.scores("own, 4 steps")
    found = rows.loc["others, 4 steps", "mean_difference"]
    assert found == pytest.approx(expected.mean())


def test_statistics_are_read_back_from_json(finished_study):
    found = finished_study.statistics
    again = Statistics.from_dict(found.to_dict())
    assert again.resampled == found.resampled
    for name in ("means", "models", "regimes", "against_baselines", "intervals", "pairs"):
        pd.testing.assert_frame_equal(
            getattr(again, name), getattr(found, name), check_dtype=False
        )


def test_dependence_of_cells_stands_beside_the_intervals(finished_study):
    resampled = make_resampled(finished_study)
    rows = finished_study.statistics.intervals.set_index(["group", "model"])
    row = rows.loc["others", "linear"]
    scores = finished_study.by_cell("others", "linear")
    expected = resampled.cells.morans_i(scores)
    assert (row["morans_i"], row["p_morans_i"]) == pytest.approx(expected)
    assert row["n_cells"] == 4
    assert row["n_clusters"] == resampled.cells.count(finished_study.cells)
    assert np.isnan(rows.loc[("baseline", "majority class"), "morans_i"])  # .5 in all cells
