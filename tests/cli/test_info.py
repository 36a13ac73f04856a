"""The command ``info``."""

import json

import numpy as np
import pytest

from histoexpr import (
    SignalScaler,
    build_dataset,
    make_histone_cells,
    model_card,
    read_model_info,
    save_model,
    train_model,
)
from histoexpr.cli import main
from support.track_files import random_reads, write_bed


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=2, n_genes=200, random_state=0)


@pytest.fixture(scope="module")
def model(cells, tmp_path_factory):
    path = tmp_path_factory.mktemp("info") / "m.histoexpr"
    found = train_model(cells, "logistic")
    info = {"title": "two cells", "licence": "CC0-1.0", "description": "A test."}
    return save_model(found.estimator, path, data=cells, scores=found.table, info=info)


def info(*arguments):
    return main(["info", *map(str, arguments)])


def test_the_summary_says_what_the_model_is(model, capsys):
    assert info(model) == 0
    text = capsys.readouterr().out
    assert text.startswith("two cells\n\nA test.\n")
    for part in (
        "probabilities of the classes 0, 1",
        "H3K27me3, H3K36me3, H3K4me1, H3K4me3, H3K9me3",
        "-5,000 to +5,000 bp around the TSS, bins of 100 bp, along transcription",
        "400 samples: 200 genes in C01, C02",
        "CC0-1.0",
        "same-gene consensus",
        "95 % intervals in parentheses",
    ):
        assert part in text
    rows = read_model_info(model)["scores"]
    row = next(row for row in rows if row["test_cell"] == "mean")
    assert f"{row['score']:.3f} ({row['low']:.3f} to {row['high']:.3f})" in text


def test_the_card_and_json_are_those_of_the_file(model, tmp_path, capsys):
    assert info(model, "--card", "-") == 0
    assert capsys.readouterr().out == model_card(model)
    card, known = tmp_path / "card.md", tmp_path / "i.json"
    assert info(model, "--card", card, "--json", known, "--quiet") == 0
    assert capsys.readouterr().out == ""
    assert card.read_text() == model_card(model)
    assert json.loads(known.read_text())["training"] == read_model_info(model)["training"]
    assert info(model, "--card", card) == 1
    assert "card.md exists" in capsys.readouterr().err
    assert info(model, "--card", card, "--overwrite") == 0
    assert "Written:" in capsys.readouterr().out


def test_models_without_data_or_scores(cells, tmp_path, capsys):
    path = save_model(SignalScaler().fit(cells.X), tmp_path / "s.histoexpr")
    assert info(path) == 0
    text = capsys.readouterr().out
    assert "SignalScaler" in text
    assert "it is a transformer" in text
    assert "No scores on held-out genes are in the file" in text
    other = save_model(
        SignalScaler().fit(cells.X), tmp_path / "o.histoexpr", scores=[{"fold": 1, "auc": None}]
    )
    assert info(other) == 0
    assert "fold  auc" in capsys.readouterr().out


def test_rules_of_counting_are_said_by_mark_where_they_differ(cells, tmp_path, capsys):
    rules = {"H3K4me3": {"rule": "mean"}, "H3K27me3": {"rule": "overlap"}}
    data = cells.replace(meta={"counting": rules})
    path = save_model(SignalScaler().fit(cells), tmp_path / "s.histoexpr", data=data)
    assert info(path) == 0
    assert "counting rule  H3K4me3 mean; H3K27me3 overlap" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore::histoexpr.exceptions.HistoexprWarning")
def test_a_data_set_says_how_it_was_made(cells, tmp_path, capsys):
    write_bed(tmp_path / "a.bed", random_reads(np.random.default_rng(0), 100))
    (tmp_path / "genes.bed").write_text("chr1\t3000\t5000\tG1\t0\t+\n")
    data = build_dataset(
        [("A", "H3K4me3", tmp_path / "a.bed")], tmp_path / "genes.bed", window=(-500, 500)
    )
    data.save(tmp_path / "d")
    found = tmp_path / "d.json"
    assert info(tmp_path / "d", "--json", found) == 0
    text = capsys.readouterr().out
    assert text.startswith("HistoneDataset: 1 samples = 1 genes in A")
    assert "rule of counting: overlap" in text
    assert "1 genes read, 1 in the data set" in text
    known = json.loads(found.read_text())
    assert (known["marks"], known["window"]) == (["H3K4me3"], [-500, 500])
    assert info(tmp_path / "d", "--card", "-") == 1
    assert "--card is for model files" in capsys.readouterr().err


def test_other_files_are_told(tmp_path, capsys):
    (tmp_path / "x.histoexpr").write_bytes(b"\x80\x04pickle")
    assert info(tmp_path / "x.histoexpr") == 1
    assert "may be a pickle" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert info(tmp_path / "empty") == 1
    assert info(tmp_path / "no") == 1
    assert "FILE:" in capsys.readouterr().err
