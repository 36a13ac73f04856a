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
    assert saved.oriented is expected.oriented is True
    assert saved.meta == {**expected.meta, "genes": str(inputs[1])}
    shown, log = capsys.readouterr()
    assert "6 samples = 3 genes in A, B" in shown
    assert "3 genes read, 3 in the data set" in shown
    assert "1 gene with a window that leaves the chromosome" in log
    assert "2/2" in log
    assert sorted(path.name for path in tmp_path.glob("out*")) == ["out"]  # no work folder left


def test_bins_along_the_genome_on_request(inputs, tmp_path):
    options = ["--window", "-100", "100", "--quiet"]
    assert run(*inputs, "-o", tmp_path / "a", *options) == 0
    assert run(*inputs, "-o", tmp_path / "b", *options, "--no-flip-minus-strand") == 0
    found = [HistoneDataset.load(tmp_path / name).oriented for name in "ab"]
    assert found == [True, False]


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
    assert "replace a data set with --overwrite" in capsys.readouterr().err
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


def reads(path, *starts):
    path.write_text("".join(f"chr1\t{start}\t{start + 36}\tr\t0\t+\n" for start in starts))


def test_controls_and_replicates_of_two_cells_by_two_workers(tmp_path, capsys):
    """Bins of 100 bp from 800 to 1200 around the TSS of G1, from 8800 to 9200 around G2's."""
    folder = tmp_path / "reads"
    folder.mkdir()
    reads(folder / "A1.bed", 1010, 1020, 9120)
    reads(folder / "A2.bed", 1030, 1110, 1120)
    # three reads to six of A: each counts twice
    reads(folder / "A-input.bed", 1040, 9130, 20_000)
    reads(folder / "B1.bed", 810, 8810)
    reads(folder / "B-input.bed", 30_000)
    (folder / "tracks.tsv").write_text(
        "cell\tmark\tfile\tinput\treplicate\tnote\n"
        "A\tK4\tA1.bed\tA-input.bed\t1\tMonday\n"
        "A\tK4\tA2.bed\tA-input.bed\t2\tTuesday\n"
        "B\tK4\tB1.bed\tB-input.bed\t1\t\n"
    )
    genes = tmp_path / "genes.gtf"
    gene = 'chr1\tx\tgene\t{}\t{}\t.\t{}\t.\tgene_id "{}";\n'
    genes.write_text(
        "#!genome-build GRCh38\n"
        + gene.format(1001, 3000, "+", "G1")
        + gene.format(7000, 9001, "-", "G2")
    )
    out = tmp_path / "out"
    inputs = folder / "tracks.tsv", genes, "-o", out, "--window", "-200", "200"
    assert run(*inputs) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "two files for cell A and mark K4" in line
    assert "--replicates pool" in line
    assert run(*inputs, "--replicates", "pool", "--jobs", "2") == 0
    shown, log = capsys.readouterr()
    data = HistoneDataset.load(out)
    assert data.X.reshape(4, 4).tolist() == [
        [0, 0, 3 - 2 * 1, 2],
        [0, 0, 0, 0],  # 1 read, and twice one of the control
        [1, 0, 0, 0],
        [0, 0, 0, 1],  # on the minus strand: downstream is to the left
    ]
    assert data.gene.tolist() == ["G1", "G2", "G1", "G2"]
    assert data.meta["control"]["tracks"] == {
        "A K4": {"files": [str(folder / "A-input.bed")], "scale": 2.0},
        "B K4": {"files": [str(folder / "B-input.bed")], "scale": 2.0},
    }
    assert data.meta["build"] == "hg38"
    for part in (
        "A K4 A1.bed: BED or tagAlign, overlap; 3 reads used",
        "control of A K4 A-input.bed: BED or tagAlign, overlap; 3 reads used",
        "A K4 is the sum of 2 replicates",
        "s being 2 for A K4, 2 for B K4",
        "genome build: genes hg38, tracks unknown",
    ):
        assert part in shown
    assert "control of B K4 is zero in every window" in log
    assert log.count("warning") == 1
    # the same in one process, with another use of the control
    assert run(*inputs, "--replicates", "pool", "--control", "ignore", "-q", "--overwrite") == 0
    data = HistoneDataset.load(out)
    assert data.X.reshape(4, 4)[:2].tolist() == [[0, 0, 3, 2], [1, 0, 0, 0]]
    assert data.meta["control"]["method"] == "ignore"


def test_a_build_stated_on_the_command_line(inputs, tmp_path, capsys):
    tracks, genes, _ = inputs
    genes.rename(tmp_path / "hg19.bed")
    named = tmp_path / "A.hg38.tagAlign"
    (tmp_path / "A.tagAlign").rename(named)
    tracks.write_text(f"cell,mark,file\nA,K4,{named.name}\n")
    arguments = [
        tracks,
        tmp_path / "hg19.bed",
        "-o",
        tmp_path / "out",
        "-q",
        "--window",
        "-9",
        "9",
    ]
    arguments += ["--bin-size", "9"]
    assert run(*arguments) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "mixed genome builds" in line
    assert run(*arguments, "--build", "GRCh38") == 0
    assert HistoneDataset.load(tmp_path / "out").meta["build"] == "hg38"


def test_a_full_disk_is_told_with_the_folder(inputs, tmp_path, monkeypatch, capsys):
    def full(self, path, **options):
        raise OSError(28, "No space left on device")

    options = ["-o", tmp_path / "out", "-q", "--window", "-100", "100"]
    monkeypatch.setattr(HistoneDataset, "save", full)
    assert run(*inputs, *options) == 1
    error = capsys.readouterr().err
    assert "cannot be saved" in error
    assert "run the same command again" in error
    monkeypatch.undo()
    assert run(*inputs, *options) == 0
    (tmp_path / "file").write_text("")
    assert run(*inputs, "-o", tmp_path / "file" / "out", "-q", "--window", "-100", "100") == 1
    assert str(tmp_path / "file") in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "options", "expected"),
    [
        ("gene_id\tname\tlength\tTPM\tFPKM\n{0}\tx\t1\t5\t7\n{1}\ty\t1\t6\t8\n", [], [5, 6]),
        ("gene_id\tTPM\tFPKM\n{0}\t5\t7\n{1}\t6\t8\n", ["--unit", "FPKM"], [7, 8]),
        ("gene_id\ta\tb\n{0}\t5\t7\n{1}\t6\t8\n", ["--cells", "E003=b"], [7, 8]),
        ("gene_id\ta\tb\n{0}\t5\t7\n{1}\t6\t8\n", ["--cells", "E003=a", "E003=b"], [6, 7]),
        ("n\tid\tE003\n1\t{0}\t5\n2\t{1}\t6\n", ["--gene-column", "id"], [5, 6]),
        ("gene_id\tE003\n{0}\t5\n{0}\t3\n{1}\t6\n", ["--duplicates", "sum"], [8, 6]),
        ("gene_id\tE003_rep1\tE003_rep2\n{0}\t5\t7\n{1}\t6\t8\n",
         ["--replicates", "pool"], [6, 7]),
        ("Geneid\tChr\tStart\tEnd\tStrand\tLength\tE003.bam\n{0}\t1\t1\t9\t+\t1000\t3\n"
         "{1}\t1\t1\t9\t+\t500\t1\n", ["--normalize", "tpm"], [6e5, 4e5]),
    ],
)  # fmt: skip
def test_expression_tables_and_how_to_read_them(tmp_path, table, options, expected):
    (tmp_path / "reads.bed").write_text("chr1\t3000\t3036\tr\t1\t+\n")
    (tmp_path / "tracks.tsv").write_text("cell\tmark\tfile\nE003\tH3K4me3\treads.bed\n")
    (tmp_path / "genes.bed").write_text("chr1\t3000\t5000\tG1\t0\t+\nchr1\t9000\t9500\tG2\t0\t-\n")
    (tmp_path / "table.tsv").write_text(table.format("G1", "G2"))
    files = [str(tmp_path / name) for name in ("tracks.tsv", "genes.bed", "table.tsv")]
    out = tmp_path / "out"
    assert main(["build", *files, "--out", str(out), "--quiet", *options]) == 0
    data = HistoneDataset.load(out)
    assert dict(zip(data.gene, data.expression, strict=True)) == dict(
        zip(["G1", "G2"], expected, strict=True)
    )


def test_options_of_the_expression_table_need_one(tmp_path, capsys):
    (tmp_path / "a").write_text("x")
    arguments = [str(tmp_path / "a"), str(tmp_path / "a"), "-o", str(tmp_path / "o")]
    assert main(["build", *arguments, "--unit", "TPM"]) == 1
    assert "--unit is for EXPRESSION" in capsys.readouterr().err
