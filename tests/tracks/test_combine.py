"""Replicates pooled and controls taken off, with values worked out by hand."""

import numpy as np
import pytest

from histoexpr.exceptions import DataFormatError
from histoexpr.tracks import build_dataset, describe_report
from support.track_files import write_bam, write_bed, write_bigwig

# bins of 100 bp from 800 to 1200
WINDOW = {"window": (-200, 200)}
FIRST, SECOND, THIRD, LAST = (("chr1", start, start + 36, "+") for start in (810, 910, 1010, 1110))


@pytest.fixture
def genes(tmp_path):
    path = tmp_path / "genes.bed"
    path.write_text("chr1\t1000\t5000\tG1\t0\t+\n")
    return path


def bed(folder, name, reads):
    return write_bed(folder / name, reads)


def signal(folder, name, value):
    items = [("chr1", 1, 1000, 0, 0, [(1000, 1100, value)])]
    return write_bigwig(folder / name, items)


def values(*args, **options):
    return build_dataset(*args, **WINDOW, **options).X[0, :, 0].tolist()


def test_reads_of_replicates_are_added_whatever_their_format(tmp_path, genes):
    one = bed(tmp_path, "1.bed", [FIRST, THIRD])
    two = write_bam(tmp_path / "2.bam", [THIRD])
    three = bed(tmp_path, "3.bed", [THIRD, LAST, LAST])
    table = [("A", "m", path) for path in (one, two, three)]
    data = build_dataset(table, genes, **WINDOW, replicates="pool")
    assert data.X[0, :, 0].tolist() == [1, 0, 3, 2]
    assert data.X.dtype.kind == "u"
    about = data.meta["report"]["replicates"]["A m"]
    assert about == {"files": [str(one), str(two), str(three)], "pooled": "sum"}
    assert [record["n_used"] for record in data.meta["report"]["tracks"]] == [2, 1, 3]
    assert "A m is the sum of 3 replicates" in describe_report(data.meta["report"])
    # depth is of reads, too: 36 + 36 + 36 bases in 100
    depth = values(table, genes, replicates="pool", rule="mean")
    np.testing.assert_allclose(depth, [0.36, 0, 1.08, 0.72], rtol=1e-6)
    with pytest.raises(ValueError, match=r"3 files for cell A.*replicates='pool'.*--replicates"):
        values(table, genes)


def test_many_reads_do_not_overflow(tmp_path, genes):
    files = [bed(tmp_path, f"{number}.bed", [THIRD] * 200) for number in range(2)]
    assert values([("A", "m", f) for f in files], genes, replicates="pool") == [0, 0, 400, 0]


def test_signals_of_replicates_are_averaged(tmp_path, genes):
    table = [("A", "m", signal(tmp_path, f"{v}.bw", v)) for v in (1.0, 2.0, 6.0)]
    assert values(table, genes, replicates="pool") == [0, 0, 3, 0]
    mixed = [table[0], ("A", "m", bed(tmp_path, "a.bed", [THIRD]))]
    with pytest.raises(ValueError, match="A m has reads and signals as replicates"):
        values(mixed, genes, replicates="pool", rule="mean")


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        # 4 reads against 8: a read of the control counts one half
        ("subtract", [1 - 0.5, 0, 3 - 1.5, 0]),
        ("ratio", [2 / 1.5, 1 / 2, 4 / 2.5, 1 / 2]),
        ("log2-ratio", np.log2([2 / 1.5, 1 / 2, 4 / 2.5, 1 / 2]).tolist()),
        ("ignore", [1, 0, 3, 0]),
    ],
)
def test_a_control_is_scaled_to_the_number_of_reads(tmp_path, genes, control, expected):
    track = bed(tmp_path, "chip.bed", [FIRST, THIRD, THIRD, THIRD])
    reads = [FIRST, *[SECOND] * 2, *[THIRD] * 3, *[LAST] * 2]
    path = bed(tmp_path, "input.bed", reads)
    data = build_dataset([("A", "m", track, path)], genes, **WINDOW, control=control)
    np.testing.assert_allclose(data.X[0, :, 0], expected, rtol=1e-6)
    about = data.meta["control"]
    assert about["method"] == control
    if control != "ignore":
        assert about["tracks"]["A m"] == {"files": [str(path)], "scale": 0.5}
        assert data.meta["report"]["tracks"][1]["control_of"] == "A m"
        assert any("0.5 for A m" in line for line in describe_report(data.meta["report"]))


def test_controls_of_replicates_are_pooled_and_one_control_counts_once(tmp_path, genes):
    chips = [bed(tmp_path, f"{n}.bed", [THIRD] * 3) for n in range(2)]
    inputs = [bed(tmp_path, f"input{n}.bed", [FIRST, THIRD]) for n in range(2)]
    own = [("A", "m", *pair) for pair in zip(chips, inputs, strict=True)]
    # 6 reads against 4: 6 - 1.5 * 2
    assert values(own, genes, replicates="pool") == [0, 0, 3, 0]
    shared = [("A", "m", chip, inputs[0]) for chip in chips]
    # 6 reads against 2: 6 - 3 * 1
    assert values(shared, genes, replicates="pool") == [0, 0, 3, 0]


def test_signals_are_taken_as_normalised(tmp_path, genes):
    table = [("A", "m", signal(tmp_path, "a.bw", 5.0), signal(tmp_path, "b.bw", 2.0))]
    data = build_dataset(table, genes, **WINDOW)
    assert data.X[0, :, 0].tolist() == [0, 0, 3, 0]
    assert data.meta["control"]["tracks"]["A m"]["scale"] == 1


def test_controls_that_cannot_be_used(tmp_path, genes):
    chip = bed(tmp_path, "chip.bed", [THIRD])
    with pytest.raises(ValueError, match="mark m has controls in some cells, but none in B"):
        values([("A", "m", chip, signal(tmp_path, "i.bw", 1.0)), ("B", "m", chip)], genes)
    with pytest.raises(ValueError, match=r"A m is reads and its control, .*i.bw, a signal"):
        values([("A", "m", chip, tmp_path / "i.bw")], genes, rule="mean")
    with pytest.raises(ValueError, match="by different rules"):
        values([("A", "m", chip, tmp_path / "i.bw")], genes)
    with pytest.raises(ValueError, match=r"chip.bed is the control of cell A and mark m, and"):
        values([("A", "m", chip, chip)], genes)
    with pytest.raises(FileNotFoundError, match=r"no.bed \(control of cell A.*Leave the field"):
        values([("A", "m", chip, tmp_path / "no.bed")], genes)
    (tmp_path / "empty.bed").write_text("# nothing\n")
    with pytest.raises(DataFormatError, match=r"empty\.bed"):
        values([("A", "m", chip, tmp_path / "empty.bed")], genes)
    with pytest.raises(ValueError, match=r"control='ratio' has no meaning"):
        values([("A", "m", chip)], genes, control="ratio")
