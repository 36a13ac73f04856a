"""The commands of README, from tracks to predictions: they print what is shown there."""

import os

import pandas as pd
import pytest

from support import ROOT
from support.console import differences, read_console, renew, run_command

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
VERBS = ["example", "build", "build", "train", "predict", "compare"]


def test_words_and_numbers_are_compared():
    shown = "n   AUROC\n-----\n300  0.905 (0.88 to 0.93)\nSIM1  1,830 reads"
    assert differences(shown, shown) == []
    wider = (
        shown.replace("-----", "---------").replace("0.905", " 0.915").replace("1,830", "1,850")
    )
    assert differences(shown, wider) == []
    for old, new in (("0.905", "0.955"), ("reads", "genes"), ("1,830", "1,930"), ("300 ", "310 ")):
        assert len(differences(shown, shown.replace(old, new))) == 1
    assert differences(shown, shown + "\nmore")
    block = "```console\n$ histoexpr a b\n\nprinted\n$ histoexpr c\n```\n"
    assert read_console(block) == [("histoexpr a b", "printed"), ("histoexpr c", "")]
    with pytest.raises(ValueError, match="not a command of ours"):
        run_command("ls")


def test_a_page_is_renewed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands = (
        "$ histoexpr example a --genes 2 --reads 1 -q\n",
        "$ histoexpr example b --genes 2\n",
    )
    page = "Before\n```console\n{}old\n{}older\n```\nafter `$ histoexpr c`\n".format(*commands)
    renewed = renew(page)
    (first, nothing), (second, printed) = read_console(renewed)
    assert (f"$ {first}\n", f"$ {second}\n", nothing) == (*commands, "")
    assert printed.startswith("Simulated example in b")
    assert renewed.startswith("Before\n```console\n$ histoexpr example a")
    assert renewed.endswith("--out cells\n```\nafter `$ histoexpr c`\n")


def test_from_tracks_to_predictions_as_shown(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    commands = read_console(TEXT)
    assert commands, "README shows no commands with what they print"
    assert [command.split()[1] for command, _ in commands[: len(VERBS)]] == VERBS
    monkeypatch.chdir(tmp_path)
    for command, shown in commands:
        found = differences(shown, run_command(command))
        assert not found, "\n".join([f"$ {command}", *found])
    # what is promised is there
    predictions = pd.read_csv("predictions.tsv", sep="\t")
    assert len(predictions) == 300
    assert predictions["symbol"].iloc[0] == "SIM1"
    assert predictions["probability"].between(0, 1).all()
    assert {"not expressed", "expressed"} == set(predictions["call"])
    assert os.path.getsize("changes.png") > 20_000
    # and right more often than not, by what is not told to any command
    truth = pd.read_csv("example/truth.tsv", sep="\t", index_col=0)["new"]
    called = predictions.set_index("gene")["call"] == "expressed"
    assert (called == (truth > truth.median())).mean() > 0.75
    known = pd.read_csv("example/expression.tsv", sep="\t", index_col=0)["cell1"]
    top = pd.read_csv("changes.tsv", sep="\t").head(20).set_index("gene")["predicted_change"]
    assert ((top > 0) == (truth > known)[top.index]).mean() > 0.65
