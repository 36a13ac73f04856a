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
