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


def test_signs_are_written_out():
    assert signed(0.01234) == "+0.012"
    assert signed(-0.01234) == "−0.012"
    assert signed(-0.0001) == "0.000"
    assert signed(None) == signed(math.nan) == "–"


def test_findings_on_expression(mixed_results):
    texts = mixed_results.findings()
    reached = mixed_results.scores("baseline", "same-gene mean", "pearson").mean()
    fitted = mixed_results.statistics.means.query("group != 'baseline'")["pearson"].max()
    more = "more" if reached > fitted else "no more"
    assert any(f"mean Pearson’s r of {reached:.3f}, {more} than" in text for text in texts)
    clear = next(text for text in texts if text.startswith("Of the genes more than 1 log2"))
    best = mixed_results.statistics.means.query("group != 'baseline'")
    best = best.loc[best["roc_auc"].idxmax()]
    assert f"{best['roc_auc_clear']:.3f}, of all genes {best['roc_auc']:.3f}" in clear
    difference = [mixed_results.scores(n, "ridge").mean() for n in ("other cells", "same cell")]
    regime = next(t for t in texts if t.startswith("other cells, against") and "Pearson" in t)
    assert f"ridge {signed(difference[0] - difference[1])}" in regime
