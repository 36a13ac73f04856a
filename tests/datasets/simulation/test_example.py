"""The example: files that build, hold what was simulated, and replace nothing unasked."""

import errno
import gzip
import os

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from histoexpr import HistoneLinearClassifier, build_dataset
from histoexpr.datasets import save_example
from histoexpr.datasets.simulation import _example
from histoexpr.datasets.simulation._example import check_example_target

TINY = {"n_genes": 12, "n_reads": 60}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return save_example(tmp_path_factory.mktemp("example") / "example")


@pytest.fixture(scope="module")
def known(example):
    files = [example / name for name in ("tracks.tsv", "genes.gtf.gz", "expression.tsv")]
    return build_dataset(*files)


@pytest.fixture(scope="module")
def new(example):
    files = [example / name for name in ("new-tracks.tsv", "genes.gtf.gz", "truth.tsv")]
    return build_dataset(*files)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_small_folder_with_all_that_is_promised(example):
    files = contents(example)
    assert sum(map(len, files.values())) < 250_000
    assert len([name for name in files if name.startswith("tracks/")]) == 15
    readme = files["README.txt"].decode()
    for name in files.keys() - {"README.txt"}:
        assert name in readme or name.startswith("tracks/")
    assert "says anything about biology" in readme
    assert "300 genes on 10 short chromosomes" in readme
    assert "cell1 and cell2" in readme
    assert max(map(len, readme.splitlines())) < 100


def test_the_same_call_writes_the_same_bytes(tmp_path):
    small = {"n_genes": 30, "n_reads": 100}
    first = contents(save_example(tmp_path / "a", **small))
    again = contents(save_example(tmp_path / "b", **small))
    assert first == again
    other = contents(save_example(tmp_path / "c", **small, random_state=1))
    alike = {name for name in first if first[name] == other[name]}
    assert alike == {"tracks.tsv", "new-tracks.tsv"}


def test_files_have_what_was_simulated(example, known, new):
    assert known.cells.tolist() == ["cell1", "cell2"]
    assert new.cells.tolist() == ["new"]
    assert known.marks == new.marks == ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]
    assert known.oriented is new.oriented is True
    assert len(np.unique(known.chrom)) == 10
    assert set(known.strand) == {"+", "-"}
    assert known.meta["build"] == "unknown"  # the chromosomes are of no genome
    assert not any(known.meta["report"]["without_data"])
    table = pd.read_csv(example / "expression.tsv", sep="\t", index_col=0)
    cell = known.select(cells="cell2")
    assert cell.expression.tolist() == table.loc[cell.gene, "cell2"].tolist()
    # half of the genes lie above the median
    assert known.y.mean() == new.y.mean() == 0.5


def test_reads_are_sorted_and_of_one_gene_each(example, known):
    path = example / "tracks" / "cell1-H3K4me3.tagAlign.gz"
    lines = [line.split("\t") for line in gzip.decompress(path.read_bytes()).decode().split("\n")]
    assert lines.pop() == [""]
    reads = pd.DataFrame(lines, columns=["chrom", "start", "end", "name", "score", "strand"])
    reads[["start", "end"]] = reads[["start", "end"]].astype(int)
    assert (reads["end"] - reads["start"] == 36).all()
    assert reads["start"].min() >= 0
    assert 0.4 < (reads["strand"] == "+").mean() < 0.6
    number = reads["chrom"].str[3:].astype(int)
    order = np.lexsort((reads["start"], number))
    assert order.tolist() == list(range(len(reads)))
    # no window has the reads of a neighbour: the nearest TSS of each read is one in reach
    cell = known.select(cells="cell1")
    for chrom, part in reads.groupby("chrom"):
        tss = cell.tss[cell.chrom == chrom]
        assert np.diff(tss).min() > 2 * (5000 + 1000)
        distance = np.abs(part["start"].to_numpy()[:, None] + 18 - tss).min(axis=1)
        assert distance.max() <= 6000


def test_genes_are_where_their_signals_are(known):
    by_mark = dict(zip(known.marks, known.X[known.y == 1].mean(axis=0).T, strict=True))
    peak, body = by_mark["H3K4me3"], by_mark["H3K36me3"]
    assert peak[40:60].mean() > 4 * peak[[*range(20), *range(80, 100)]].mean()
    assert body[60:].mean() > 1.5 * body[:40].mean()


def test_models_of_the_known_cells_predict_the_new_one(known, new):
    scores, shuffled = np.empty(len(new)), np.empty(len(new))
    rng = np.random.default_rng(0)
    for chroms in np.array_split(np.unique(known.chrom), 5):
        trained = known.take(~np.isin(known.chrom, chroms))
        test = np.isin(new.chrom, chroms)
        model = HistoneLinearClassifier(n_regions=10).fit(trained)
        scores[test] = model.decision_function(new.take(test))
        null = trained.replace(y=rng.permutation(trained.y))
        model = HistoneLinearClassifier(n_regions=10).fit(null)
        shuffled[test] = model.decision_function(new.take(test))
    assert roc_auc_score(new.y, scores) > 0.87
    assert 0.35 < roc_auc_score(new.y, shuffled) < 0.65
    # cells differ, so that there is something to predict
    for cell in known.cells:
        assert 0.1 < (known.y[known.cell == cell] != new.y).mean() < 0.3


def test_other_sizes(tmp_path):
    example = save_example(tmp_path / "a", n_cells=5, n_genes=3, n_reads=1)
    assert len(list((example / "tracks").iterdir())) == 25
    assert "cell1, cell2, cell3 and cell4" in (example / "README.txt").read_text()
    table = pd.read_csv(example / "expression.tsv", sep="\t")
    assert table.columns.tolist() == ["gene_id", "cell1", "cell2", "cell3", "cell4"]
    two = save_example(tmp_path / "b", n_cells=2, n_genes=2, n_reads=1)
    assert "the reads of cell1, " in (two / "README.txt").read_text()
    for name, value in (("n_cells", 1), ("n_genes", 1), ("n_reads", 0)):
        with pytest.raises(ValueError, match=f"'{name}' parameter of save_example must be an int"):
            save_example(tmp_path / "c", **{name: value})
    assert not (tmp_path / "c").exists()


def test_nothing_is_replaced_unasked(tmp_path):
    example = save_example(tmp_path / "a", **TINY)
    with pytest.raises(FileExistsError, match=r"exists\. Choose another folder, .*--overwrite"):
        save_example(example, **TINY)
    before = contents(example)
    save_example(example, **TINY, random_state=1, overwrite=True)
    assert contents(example) != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]
    (tmp_path / "empty").mkdir()
    assert save_example(tmp_path / "empty", **TINY, overwrite=True) == tmp_path / "empty"


def spoil(example, what):
    if what == "a file":
        path = example.parent / "file"
        path.write_text("mine")
        return path, "is no folder"
    if what == "a link":
        path = example.parent / "link"
        path.symlink_to(example)
        return path, "is no folder"
    if what == "another folder":
        path = example.parent / "mine"
        path.mkdir()
        (path / "README.txt").write_bytes(b"\xff mine")
        return path, "holds no example"
    name = {"a file beside": "notes.txt", "a track of another kind": "tracks/x.bam"}[what]
    (example / name).write_text("mine")
    return example, f"holds {name} beside an example"


@pytest.mark.parametrize(
    "what", ["a file", "a link", "another folder", "a file beside", "a track of another kind"]
)
def test_what_is_no_example_is_never_replaced(tmp_path, what):
    example = save_example(tmp_path / "a", **TINY)
    path, fault = spoil(example, what)
    before = contents(tmp_path)
    with pytest.raises(FileExistsError, match=fault):
        check_example_target(path, overwrite=True)
    with pytest.raises(FileExistsError, match=fault):
        save_example(path, **TINY, overwrite=True)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_a_disk_that_is_full_and_ctrl_c_leave_nothing(tmp_path, monkeypatch, fault):
    save_example(tmp_path / "old", **TINY)
    before = contents(tmp_path)
    write, written = _example._write, []

    def fail(path, text):
        written.append(path.name)
        if len(written) == 3:
            raise fault
        write(path, text)

    monkeypatch.setattr(_example, "_write", fail)
    for path, overwrite in ((tmp_path / "new", False), (tmp_path / "old", True)):
        written.clear()
        with pytest.raises(type(fault)) as caught:
            save_example(path, **TINY, overwrite=overwrite)
        if isinstance(fault, OSError):
            assert caught.value.errno == errno.ENOSPC
            assert caught.value.filename == str(path)
            assert "No space left" in str(caught.value)
            assert "Make room" in str(caught.value)
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(PermissionError, match="cannot be written") as caught:
            save_example(tmp_path / "a", **TINY)
        assert caught.value.filename == str(tmp_path / "a")
    finally:
        tmp_path.chmod(0o700)
