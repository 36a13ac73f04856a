"""``histoexpr build``."""

import numpy as np
import pytest

from histoexpr import HistoneDataset
from histoexpr.cli import main
from histoexpr.tracks import _parallel as parallel_module
from histoexpr.tracks import build_dataset
from support.track_files import random_reads, write_bed


def run(*arguments):
    return main(["build", *map(str, arguments)])


@pytest.fixture
def inputs(tmp_path):
    rng = np.random.default_rng(0)
    lines = ["cell\tmark\tfile"]
    for cell in "AB":
        write_bed(tmp_path / f"{cell}.tagAlign", random_reads(rng, 200))
        lines.append(f"{cell}\tH3K4me3\t{cell}.tagAlign")
    (tmp_path / "tracks.tsv").write_text("\n".join(lines) + "\n")
    (tmp_path / "genes.bed").write_text(
        "chr1\t3000\t5000\tG1\t0\t+\nchr1\t8000\t9000\tG2\t0\t-\nchr2\t100\t2600\tG3\t0\t+\n"
    )
    (tmp_path / "rpkm.tsv").write_text("gene\tA\tB\nG1\t1\t9\nG2\t2\t8\nG3\t3\t7\n")
    return tmp_path / "tracks.tsv", tmp_path / "genes.bed", tmp_path / "rpkm.tsv"


def test_build_saves_what_the_function_returns(inputs, tmp_path, capsys):
    out = tmp_path / "out"
    options = ["--window", "-500", "500", "--bin-size", "50", "--flip-minus-strand"]
    assert run(*inputs, "--out", out, *options) == 0
    saved = HistoneDataset.load(out)
    with pytest.warns(match="leaves the chromosome"):
        expected = build_dataset(*inputs, window=(-500, 500), bin_size=50, flip_minus_strand=True)
    np.testing.assert_array_equal(saved.X, expected.X)
    np.testing.assert_array_equal(saved.y, expected.y)
    assert saved.meta == {**expected.meta, "genes": str(inputs[1])}
    shown, log = capsys.readouterr()
    assert "6 samples = 3 genes in A, B" in shown
    assert "3 genes read, 3 in the data set" in shown
    assert "1 gene with a window that leaves the chromosome" in log
    assert "2/2" in log
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out"]  # no work folder left


def test_quiet_and_without_labels(inputs, tmp_path, capsys):
    assert run(*inputs[:2], "-o", tmp_path / "a", "--quiet", "--window", "-100", "100") == 0
    assert capsys.readouterr() == ("", "")
    assert HistoneDataset.load(tmp_path / "a").y is None
    options = ["--labels", "none", "-q", "--window", "-100", "100"]
    assert run(*inputs, "-o", tmp_path / "b", *options) == 0
    assert HistoneDataset.load(tmp_path / "b").y is None


def test_an_existing_folder_is_refused_before_counting(inputs, tmp_path, capsys):
    out = tmp_path / "out"
    options = ["-q", "--window", "-100", "100"]
    run(*inputs, "-o", out, *options)
    assert run(*inputs, "-o", out, *options) == 1
    assert "Choose another name or ask to overwrite it" in capsys.readouterr().err
    assert run(*inputs, "-o", out, *options, "--overwrite", "--rule", "5prime") == 0
    assert HistoneDataset.load(out).meta["counting"]["H3K4me3"]["rule"] == "5prime"
    assert run(*inputs, "-o", tmp_path, *options, "--overwrite") == 1
    assert "is not a saved data set" in capsys.readouterr().err


def test_interrupted_and_taken_up_again(inputs, tmp_path, monkeypatch, capsys):
    count_track = parallel_module.count_track
    counted = []

    def interrupted(path, *args, **kwargs):
        if counted:
            raise KeyboardInterrupt
        counted.append(path.name)
        return count_track(path, *args, **kwargs)

    out = tmp_path / "out"
    monkeypatch.setattr(parallel_module, "count_track", interrupted)
    assert run(*inputs, "-o", out, "--window", "-100", "100") == 130
    assert "run the same command again" in capsys.readouterr().err
    assert not out.exists()
    assert len(list((tmp_path / "out.histoexpr-cache").iterdir())) == 1

    def only_the_other(path, *args, **kwargs):
        assert path.name not in counted
        return count_track(path, *args, **kwargs)

    monkeypatch.setattr(parallel_module, "count_track", only_the_other)
    assert run(*inputs, "-o", out, "--window", "-100", "100", "-q") == 0
    assert HistoneDataset.load(out).n_samples == 6
    assert not (tmp_path / "out.histoexpr-cache").exists()
