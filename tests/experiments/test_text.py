"""Summaries as text."""

from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
from histoexpr.experiments import signed


def test_the_text_shows_the_summary():
    data = make_histone_cells(3, 240, random_state=0)
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, data, genes="split")
    text = results.format_summary()
    assert text.count("same-gene consensus") == 4
    same = results.scores("same cell").mean()
    assert f"{same:.3f}" in text
    assert "majority" in next(line for line in reversed(text.splitlines()) if "same cell" in line)
    found = results.score_intervals.set_index(["test_cell", "experiment", "model"])
    row = found.loc[("C01", "same cell", "linear")]
    line = next(line for line in text.splitlines() if line.startswith("C01"))
    sure = f"{row['n_genes']}  {row['score']:.3f}  {row['low']:.3f} to {row['high']:.3f}"
    assert sure in line
    assert max(map(len, text.splitlines())) <= 110
    assert results.format_summary(only_mean=True).count("linear") == 3


def test_what_changes_between_cells_is_shown(mixed_results):
    frame = mixed_results.between_cells.set_index(["group", "model", "metric"])
    lines = mixed_results.format_between().splitlines()
    heads = [part.strip() for part in lines[0].split("  ") if part.strip()]
    n = {m: frame.xs(m, level="metric")["n_genes"].max() for m in frame.index.levels[2]}
    assert heads == [
        "model",
        "trained on",
        f"AUROC, all genes, n = {n['roc_auc']}",
        f"variable genes, n = {n['roc_auc_variable']}",
        f"order right, n = {n['switching_accuracy']}",
        f"within-gene ρ, n = {n['within_gene_spearman']}",
    ]
    row = next(line for line in lines if line.startswith("ridge") and "other cells" in line)
    for name in ("roc_auc", "roc_auc_variable", "switching_accuracy", "within_gene_spearman"):
        score = frame.loc[("other cells", "ridge", name)]
        assert f"{score['score']:.3f} ({score['low']:.3f} to {score['high']:.3f})" in row
    consensus = next(line for line in lines if line.startswith("same-gene consensus"))
    assert consensus.split()[-2:] == ["–", "–"]
    legend = " ".join(lines[lines.index("") :])
    assert "falls as the gene's own value rises" in legend
    assert "over chromosomes" in legend


def test_means_are_shown_with_their_intervals(finished_study):
    lines = finished_study.format_means().splitlines()
    assert lines[0].split()[:4] == ["experiment", "model", "n", "AUROC"]
    own = next(line for line in lines if line.startswith("own") and "linear" in line)
    assert f"{finished_study.scores('own', 'linear').mean():.3f}" in own
    assert "–" in own  # of four cells there is no interval


def test_scores_against_expression_are_shown_beside_regressors(mixed_results, finished_study):
    assert "Pearson" not in finished_study.format_summary()
    summary = mixed_results.format_summary(only_mean=True).splitlines()
    assert summary[0].split().count("interval") == 2
    assert summary[0].split()[-2:] == ["R²", "RMSE"]
    pearson = mixed_results.scores("same cell", "ridge", "pearson").mean()
    ridge = next(line for line in summary if "ridge" in line and "same cell" in line)
    assert ridge.split()[-6] == f"{pearson:.3f}"
    labels, expression = mixed_results.format_means().split("\n\n")
    assert "Pearson" in expression.splitlines()[0]
    assert f"{pearson:.3f}" in expression
    assert f"{mixed_results.scores('same cell', 'ridge', 'roc_auc').mean():.3f}" in labels


def test_differences_from_baselines_are_shown(finished_study, mixed_results):
    rows = finished_study.statistics.against_baselines
    row = rows.query("group == 'others' and model == 'linear' and metric == 'roc_auc'").iloc[1]
    assert row["baseline"] == "same-gene rank"
    lines = finished_study.format_against_baselines().splitlines()
    assert "all genes − rank" in lines[0]
    assert "variable genes − consensus" in lines[0]
    line = next(line for line in lines if line.startswith("linear") and "others" in line)
    shown = f"{signed(row['difference'])} ({signed(row['low'])} to {signed(row['high'])})"
    assert shown + ("*" if row["p_holm"] < 0.05 else "") in line
    legend = " ".join(lines)
    assert "Schreiber et al. 2020, Genome Biology 21:282" in legend
    assert "intervals over chromosomes" in legend
    assert "Pearson’s r − mean" in mixed_results.format_against_baselines()


def test_the_text_says_which_genes_are_tested(finished_study):
    for text in (finished_study.format_means(), finished_study.format_summary()):
        assert "Test genes: those of the predefined split, on chromosomes" in text
