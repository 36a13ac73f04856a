"""``histoexpr example``."""

import pytest

from histoexpr.cli import main
from histoexpr.datasets import save_example

TINY = ["--genes", "12", "--reads", "50"]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_files_are_those_of_the_function(tmp_path, capsys):
    folder = tmp_path / "example"
    assert main(["example", str(folder), *TINY, "--cells", "2", "--seed", "3"]) == 0
    expected = save_example(tmp_path / "other", n_cells=2, n_genes=12, n_reads=50, random_state=3)
    assert contents(folder) == contents(expected)
    printed = capsys.readouterr().out
    assert "10 files" in printed
    total = sum(map(len, contents(folder).values()))
    assert f"{total / 1000:,.1f} kB in all" in printed
    for name in ("README.txt", "truth.tsv", "genes.gtf.gz"):
        assert name in printed
    # what is said to come next works
    command = printed.splitlines()[-1].removeprefix("Next: histoexpr ").split()
    command[-1] = str(tmp_path / "cells")
    assert main([*command, "--quiet"]) == 0


def test_quiet(tmp_path, capsys):
    assert main(["example", str(tmp_path / "a"), *TINY, "-q"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "a" / "README.txt").is_file()


def test_nothing_is_replaced_unasked(tmp_path, capsys):
    folder = tmp_path / "a"
    command = ["example", str(folder), "--quiet"]
    assert main([*command, *TINY]) == 0
    before = contents(folder)
    assert main([*command, *TINY, "--seed", "1"]) == 1
    assert f"DIR: {folder} exists" in (error := capsys.readouterr().err)
    assert "--overwrite" in error
    assert contents(folder) == before
    assert main([*command, *TINY, "--seed", "1", "--overwrite"]) == 0
    assert contents(folder) != before
    (folder / "mine.txt").write_text("mine")
    assert main([*command, *TINY, "--overwrite"]) == 1
    assert "mine.txt" in capsys.readouterr().err
    assert (folder / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--cells", "1"),
        ("--genes", "many"),
        ("--reads", "0"),
        ("--seed", "-1"),
        ("--genes", "1e3"),
    ],
)
def test_numbers_are_checked_at_once(tmp_path, capsys, option, value):
    with pytest.raises(SystemExit) as caught:
        main(["example", str(tmp_path / "a"), option, value])
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert option in error
    assert value in error
    assert not (tmp_path / "a").exists()
