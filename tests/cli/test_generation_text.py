"""What ``generate`` says: the verdict and the short table, and what was held out."""

import numpy as np

from histoexpr import make_histone_cells
from histoexpr.cli._generation_text import describe_training, format_report, score_rows
from support.reports import report_of


def test_a_model_file_has_the_short_table():
    report = report_of(generator={"recall": 0.3})
    rows = score_rows(report)
    assert [row["measure"] for row in rows] == list(report.summary.index)
    (row,) = (row for row in rows if row["measure"] == "recall")
    assert (row["generator"], row["real"], row["n"]) == (0.3, 0.5, 200)
    assert all(isinstance(value, str | int | float) for value in row.values())


def test_the_verdict_comes_first_and_few_samples_are_said_to_be():
    report = report_of(p_worse={"recall": 0.001})
    text = format_report(report)
    assert text.splitlines()[0] == report.verdict
    assert "Worse than real genes at n = 200 in: recall" in text
    assert "vague" not in text
    assert max(map(len, text.splitlines()[1:])) <= 120
    few = report_of(n=60, generator={"transfer_cnn": np.nan})
    text = format_report(few)
    assert "Fewer than 100 held-out samples are few" in text
    assert "nan" not in text


def test_what_was_trained_on_and_held_out():
    data = make_histone_cells(n_cells=2, n_genes=30, random_state=0)
    part = data.take(data.gene < "G00005")
    text = describe_training(data, part, "chromosomes chr1")
    n = len(part)
    assert text == (
        "Trained on 60 samples (30 genes) of C01, C02, with labels and cell types. Held out: "
        f"{n} samples ({n // 2} genes), chromosomes chr1."
    )
    one = data.select(cells="C01")
    assert describe_training(one, None, "").startswith("Trained on 30 genes of C01, with labels.")
    assert "was not measured" in describe_training(one, None, "")
    assert "with cell types. " in describe_training(data.replace(y=None), part, "")
