"""What results show, in sentences."""

import math

from histoexpr.experiments import signed


def test_findings_hold_the_figures_of_the_results(finished_study):
    consensus = finished_study.scores("baseline", "same-gene consensus").mean()
    first, *others = finished_study.findings()
    assert f"{consensus:.3f}" in first
    for name in ("own", "matrix"):
        assert any(text.startswith(f"{name}, 4 cells: models shown") for text in others)
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
    # the mean of log2 expression is a baseline of the other cells, too
    reached.append(mixed_results.scores("baseline", "same-gene mean", "roc_auc_variable").mean())
    assert f"{max(reached):.3f}." in variable


def test_signs_are_written_out():
    assert signed(0.01234) == "+0.012"
    assert signed(-0.01234) == "−0.012"
    assert signed(-0.0001) == "0.000"
    assert signed(None) == signed(math.nan) == "–"


def test_findings_on_expression(mixed_results):
    texts = mixed_results.findings()
    reached = mixed_results.scores("baseline", "same-gene mean", "pearson").mean()
    assert any(f"mean Pearson’s r of {reached:.3f}, more than" in text for text in texts)
    clear = next(text for text in texts if text.startswith("Of the genes more than 1 log2"))
    best = mixed_results.statistics.means.query("group != 'baseline'")
    best = best.loc[best["roc_auc"].idxmax()]
    assert f"{best['roc_auc_clear']:.3f}, of all genes {best['roc_auc']:.3f}" in clear
    difference = [mixed_results.scores(n, "ridge").mean() for n in ("other cells", "same cell")]
    regime = next(t for t in texts if t.startswith("other cells, against") and "Pearson" in t)
    assert f"ridge {signed(difference[0] - difference[1])}" in regime
