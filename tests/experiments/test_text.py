"""Summaries as text."""

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells


def test_the_text_shows_the_summary():
    data = make_histone_cells(3, 240, random_state=0)
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, data)
    text = results.format_summary()
    assert text.count("same-gene consensus") == 4
    same = results.scores("same cell").mean()
    assert f"{same:.3f}" in text
    assert "majority" in text.splitlines()[-1]
    assert results.format_summary(only_mean=True).count("linear") == 3


def test_means_are_shown_with_their_intervals(finished_study):
    lines = finished_study.format_means().splitlines()
    assert lines[0].split()[:3] == ["experiment", "model", "AUROC"]
    own = next(line for line in lines if line.startswith("own") and "linear" in line)
    assert f"{finished_study.scores('own', 'linear').mean():.3f}" in own
    assert "–" in own  # of four cells there is no interval


def test_scores_against_expression_are_shown_beside_regressors(mixed_results, finished_study):
    assert "Pearson" not in finished_study.format_summary()
    summary = mixed_results.format_summary(only_mean=True).splitlines()
    assert summary[0].split()[-3:] == ["Pearson", "R²", "RMSE"]
    pearson = mixed_results.scores("same cell", "ridge", "pearson").mean()
    ridge = next(line for line in summary if "ridge" in line and "same cell" in line)
    assert ridge.split()[-3] == f"{pearson:.3f}"
    labels, expression = mixed_results.format_means().split("\n\n")
    assert "Pearson" in expression.splitlines()[0]
    assert f"{pearson:.3f}" in expression
    assert f"{mixed_results.scores('same cell', 'ridge', 'roc_auc').mean():.3f}" in labels
