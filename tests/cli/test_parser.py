"""Help and wrong usage of all commands."""

import re
import subprocess
import sys

import pytest

from histoexpr.cli import _main as module
from histoexpr.cli import build_parser, main

PARSER = build_parser()
COMMANDS = PARSER._commands().choices
# Runs the command line, and says which libraries that take long to load it has loaded
PROGRAM = """
import sys
from histoexpr.cli import main
try:
    status = main()
except SystemExit as exit:
    status = exit.code
heavy = {"numpy", "scipy", "sklearn", "pandas", "torch", "skorch", "matplotlib"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
sys.exit(status)
"""


def status_of(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return caught.value.code, capsys.readouterr()


def test_every_command_stands_below_a_heading_with_a_line(capsys):
    grouped = [name for names in module.GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(COMMANDS)
    status, shown = status_of([], capsys)
    assert status == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\w+", shown.out, re.MULTILINE)
    for heading in module.GROUPS:
        assert f"\n{heading}:\n" in shown.out
    assert "2 wrong usage, 130 interrupted" in shown.out
    assert status_of(["--help"], capsys)[1].out == shown.out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_an_example_and_a_line_for_every_argument(name):
    parser = COMMANDS[name]
    without = [action.dest for action in parser._actions if not action.help]
    assert without == []
    assert f"\n  histoexpr {name} " in parser.epilog
    assert re.search(r"^examples?:$", parser.epilog, re.MULTILINE)
    options = {text for action in parser._actions for text in action.option_strings}
    assert {"-q", "--quiet", "--overwrite"} <= options
    shown = parser.format_help()
    assert "exit status: 0 done, 1 an error, 2 wrong usage, 130 interrupted" in shown
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dmeo"], "unknown command 'dmeo' (did you mean 'demo'?); there are demo, "),
        (["demo", "--modles", "cnn"], "no option --modles (did you mean '--models'?)"),
        (["demo", "--modles=cnn"], "no option --modles (did you mean '--models'?)"),
        (["demo", "--models", "liner"], "unknown model 'liner' (did you mean 'linear'?)"),
        (["demo", "--genes", "chromosom"], "(did you mean 'chromosome'?); there are auto, "),
        (["demo", "more"], "an argument too many, 'more'"),
        (["demo", "--seed", "-1"], "argument --seed"),
        (["study", "spec"], "--data, --out"),
    ],
)
def test_wrong_usage_names_what_was_meant(arguments, message, capsys):
    status, shown = status_of(arguments, capsys)
    assert status == 2
    assert message in shown.err
    assert shown.err.count("\n") == 1
    assert "--help" in shown.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["demo", "--help"],
        ["demo", "-o", "none/out"],
        ["crosscell", "none"],
        ["audit", "none", "none"],
        ["build", "none", "none", "-o", "out"],
        ["build", "table.tsv", "folder", "-o", "out"],
        ["study", "folder", "--data", "folder", "--out", "out"],
        ["compare", "folder", "A", "B", "-o", "table.tsv"],
        ["compare", "none", "A", "B", "-o", "new.tsv"],
    ],
)
def test_help_and_wrong_paths_load_nothing_heavy(arguments, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "table.tsv").write_text("mine")
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    *shown, loaded = run.stderr.splitlines()
    assert loaded == "[]"
    asks = arguments[-1] in ("--help", "--version")
    assert run.returncode == (0 if asks else 1)
    if not asks:
        assert len(shown) == 1
        assert re.match(r"histoexpr: error: (--\w+|[A-Z]+): ", shown[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "table.tsv"]
