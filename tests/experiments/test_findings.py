"""What results show, in sentences."""

import math

import numpy as np
import pandas as pd
import pytest

from histoexpr.experiments import run_study, signed
from histoexpr.experiments._findings import _on_cells, _on_equivalence


@pytest.fixture
def study_of_sizes(saved_cells, tmp_path):
    experiment = {"name": "n", "regime": "exclusive", "cells": "random", "n_cells": [1, 2]}
    spec = {"models": {"linear": "linear"}, "experiments": [experiment], "genes": "split"}
    return run_study(spec, saved_cells, tmp_path / "out")


def test_findings_hold_the_figures_of_the_results(finished_study):
    consensus = finished_study.scores("baseline", "same-gene consensus").mean()
    first, second, *others = finished_study.findings()
    assert f"{consensus:.3f}" in first
    rank = finished_study.scores("baseline", "same-gene rank").mean()
    assert second.startswith("The expression ranks of the same genes in the other cells alone")
    assert f"{rank:.3f}" in second
    [equivalent] = [text for text in others if "models shown to be equivalent" in text]
    # of all three experiments the same holds
    assert equivalent.startswith("own, matrix, others, 4 cells: models shown")
    rows = finished_study.statistics.against_baselines
    row = rows[(rows["model"] == "linear") & (rows["metric"] == "roc_auc")]
    row = row[row["baseline"] == "same-gene rank"]
    means = finished_study.statistics.means.query("group != 'baseline'")
    best = means.loc[means["roc_auc"].idxmax()]
    row = row[row["group"] == best["group"]].iloc[0]
    assert best["model"] == "linear"
    difference, *ends = map(signed, row[["difference", "low", "high"]])
    said = f"; difference {difference}, 95 % over chromosomes {' to '.join(ends)}, best chosen on "
    said += "the same genes)."
    assert second.endswith(said)
    difference = finished_study.scores("others") - finished_study.scores("own")
    regime = next(text for text in others if text.startswith("others, against"))
    assert f"linear {signed(difference.mean())}" in regime


def test_findings_on_what_changes_between_cells(mixed_results):
    texts = mixed_results.findings()
    frame = mixed_results.between_cells
    rows = frame[(frame["metric"] == "switching_accuracy") & (frame["group"] != "baseline")]
    best = rows.loc[rows["score"].idxmax()]
    [switching] = [text for text in texts if text.startswith("Of two cells between which")]
    assert f"({best['n_genes']} genes), {best['model']} ({best['group']})" in switching
    assert f"{best['score']:.3f} ({best['low']:.3f} to {best['high']:.3f})" in switching
    [variable] = [text for text in texts if text.startswith("Of the genes whose label differs")]
    names = ("same-gene consensus", "same-gene rank")
    reached = [mixed_results.scores("baseline", n, "roc_auc_variable").mean() for n in names]
    assert f"reaches {max(reached):.3f}; difference " in variable
    [held] = [text for text in texts if text.startswith("Models of all experiments, paired")]
    rows = mixed_results.statistics.against_baselines
    rows = rows[(rows["metric"] == "pearson") & (rows["p_holm"] < 0.05)]
    below = (rows["difference"] < 0).sum()
    assert f"Pearson’s r against same-gene mean {len(rows) - below} higher and {below}" in held
    [cells] = [text for text in texts if "Moran’s I" in text]
    assert "The 3 cells make" in cells
    assert "too few for intervals" in cells


def frame_of(equivalent):
    rows = [
        {"group": group, "first": "a", "second": "b", "n_cells": 6, "equivalent": over_cells,
         "equivalent_by_genes": over_genes}
        for group, (over_cells, over_genes) in equivalent.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_equivalence_is_said_of_every_experiment():
    tests = frame_of({"1": (True, False), "2": (False, False), "3": (True, False),
                      "4": (False, None)})  # fmt: skip
    texts = _on_equivalence(tests, 0.01, "roc_auc")
    assert [text.split(", 6 cells")[0] for text in texts] == ["1, 3", "2", "4"]
    assert texts[0].endswith("over cells a and b; over genes none.")
    assert texts[2].endswith("over cells none.")


def test_dependence_of_cells_is_said_as_it_is():
    base = {"group": "g", "model": "m", "metric": "roc_auc", "score": 0.9, "n_cells": 12,
            "n_clusters": 6, "morans_i": 0.36, "p_morans_i": 0.002}  # fmt: skip
    text = _on_cells(
        pd.DataFrame([base, base | {"model": "worse", "score": 0.8}]), ["g"], "roc_auc"
    )
    assert text.startswith("Cells are not independent: similar cells score alike (m, g: Moran’s I")
    assert "+0.36, without dependence −0.09, p = 0.002" in text
    assert text.endswith("The 12 cells make 6 clusters of similar ones, the units of all that is "
                         "over cells.")  # fmt: skip
    few = _on_cells(pd.DataFrame([base | {"p_morans_i": 0.3, "n_clusters": 5}]), ["g"], "roc_auc")
    assert few.startswith("Cells may be dependent")
    assert few.endswith("which are too few for intervals.")
    assert _on_cells(pd.DataFrame([base | {"morans_i": np.nan}]), ["g"], "roc_auc") == ""


def test_sizes_are_said(study_of_sizes):
    [text] = [text for text in study_of_sizes.findings() if text.startswith("AUROC by size")]
    first, last = (study_of_sizes.scores("n", n_cells=n).mean() for n in (1, 2))
    assert text == f"AUROC by size: n, linear {first:.3f} (1 cell) to {last:.3f} (2 cells)."


def test_signs_are_written_out():
    assert signed(0.01234) == "+0.012"
    assert signed(-0.01234) == "−0.012"
    assert signed(-0.0001) == "0.000"
    assert signed(None) == signed(math.nan) == "–"


def test_findings_on_expression(mixed_results):
    texts = mixed_results.findings()
    reached = mixed_results.scores("baseline", "same-gene mean", "pearson").mean()
    fitted = mixed_results.statistics.means.query("group != 'baseline'")["pearson"].max()
    more = ("more than" if reached > fitted else "no more than", "not to be told from")
    said = [f"mean Pearson’s r of {reached:.3f}, {one} the best" for one in more]
    assert any(one in text for text in texts for one in said)
    clear = next(text for text in texts if text.startswith("Of the genes more than 1 log2"))
    best = mixed_results.statistics.means.query("group != 'baseline'")
    best = best.loc[best["roc_auc"].idxmax()]
    assert f"{best['roc_auc_clear']:.3f}, of all genes {best['roc_auc']:.3f}" in clear
    difference = [mixed_results.scores(n, "ridge").mean() for n in ("other cells", "same cell")]
    regime = next(t for t in texts if t.startswith("other cells, against") and "Pearson" in t)
    assert f"ridge {signed(difference[0] - difference[1])}" in regime
