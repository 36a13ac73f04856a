"""``histoexpr audit``."""

import json

from histoexpr.cli import main


def test_command(shared_data, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HISTOEXPR_CACHE", str(tmp_path / "cache"))
    report, picture = tmp_path / "audit.json", tmp_path / "audit.png"
    data, expression = shared_data / "toy_deepchrome", shared_data / "roadmap_expression.npz"
    arguments = ["audit", str(data), str(expression), "--json", str(report)]
    arguments += ["--plot", str(picture)]
    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert "E003 explains the labels best: 30 of 30" in printed.out
    assert "7 rows repeat a gene" in printed.err
    assert json.loads(report.read_text())["cells"][0]["n_numeric"] == 24
    assert picture.read_bytes().startswith(b"\x89PNG")
    for name in ("no_ending", "audit.foo"):
        assert main([*arguments[:-1], str(tmp_path / name)]) == 1
        assert ".png or .pdf" in capsys.readouterr().err
