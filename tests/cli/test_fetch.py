"""``histoexpr fetch``, from a server on this machine."""

import gzip
import hashlib

import pytest

from histoexpr.cli import main
from histoexpr.cli._fetch import WHAT
from histoexpr.datasets import PUBLISHED
from support.local_server import CONTENT, RECORD, RPKM, archive, left_behind, publish

ROADMAP = gzip.compress(b"gene_id\tE003\nENSG00000000003\t43.985\n")


def test_names_are_those_of_the_function():
    assert set(WHAT) == set(PUBLISHED)
    for name, (endings, _) in WHAT.items():
        assert PUBLISHED[name].file.endswith(endings)


def test_the_benchmark(server, tmp_path, capsys):
    body = archive()
    publish(server, body)
    path = tmp_path / "deepchrome.tar.gz"
    assert main(["fetch", "deepchrome", "-o", str(path)]) == 0
    assert path.read_bytes() == body
    printed = capsys.readouterr()
    digest = hashlib.sha256(body).hexdigest()
    assert f"{path}\n  {len(body):,} bytes, sha256 {digest}" in printed.out
    assert f"histoexpr audit {path} RPKM" in printed.out
    assert "deepchrome.tar.gz: 100%" in printed.err
    assert server.requests == [RECORD, CONTENT]


def test_to_the_data_home_and_from_there(server, tmp_path, capsys):
    server.replies[RPKM] = [(200, ROADMAP, None)]
    assert main(["fetch", "roadmap-expression", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    home = tmp_path / "home" / "roadmap" / "57epigenomes.RPKM.pc.gz"
    assert left_behind(tmp_path) == [home]
    (tmp_path / "here").mkdir()
    assert main(["fetch", "roadmap-expression", "-o", str(tmp_path / "here")]) == 0
    assert (tmp_path / "here" / home.name).read_bytes() == ROADMAP
    assert server.requests == [RPKM]


def test_names_that_cannot_be_are_refused_before_anything_is_asked(server, tmp_path, capsys):
    taken = tmp_path / "rpkm.gz"
    taken.write_text("mine")
    assert main(["fetch", "roadmap-expression", "-o", str(taken)]) == 1
    assert f"--out: {taken} exists" in (error := capsys.readouterr().err)
    assert "--overwrite" in error
    assert main(["fetch", "deepchrome", "-o", str(tmp_path / "data.zip")]) == 1
    assert "ends in .tar.gz or .tgz" in capsys.readouterr().err
    assert server.requests == []
    server.replies[RPKM] = [(200, ROADMAP, None)]
    assert main(["fetch", "roadmap-expression", "-o", str(taken), "--overwrite", "-q"]) == 0
    assert taken.read_bytes() == ROADMAP


@pytest.mark.parametrize(
    "options", [["--retries", "-1"], ["--retries", "x"], ["--timeout", "0"], ["--timeout", "nan"]]
)
def test_options_are_checked(server, capsys, options):
    with pytest.raises(SystemExit) as caught:
        main(["fetch", "deepchrome", *options])
    assert caught.value.code == 2
    assert options[0] in capsys.readouterr().err
    assert server.requests == []


def test_without_a_network_the_error_says_what_to_do(server, tmp_path, capsys):
    server.shutdown()
    server.server_close()  # nothing listens there now
    path = tmp_path / "rpkm.gz"
    assert main(["fetch", "roadmap-expression", "-o", str(path)]) == 1
    error = capsys.readouterr().err
    assert "no connection" in error
    assert f"download {server.url}/expression/57epigenomes.RPKM.pc.gz and put it" in error
    assert str(path) in error
    assert left_behind(tmp_path) == []
