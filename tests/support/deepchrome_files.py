"""Files in the layout of the DeepChrome benchmark, written and read by tests."""

import io
import tarfile

import numpy as np

from histoexpr.datasets import HistoneDataset, load_deepchrome

MARKS = ["H3K27me3", "H3K36me3", "H3K4me1", "H3K4me3", "H3K9me3"]


# Two genes of two bins and two marks
SOUND = "a,1,1,2,0\na,2,3,4,0\nb,1,5,6,1\nb,2,7,8,1\n"


def write(folder, cell="E003", **texts):
    """Write files of one cell; texts are given by split."""
    for split, text in texts.items():
        file = folder / cell / "classification" / f"{split}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def pack(path, files, mode="w:gz", **options):
    """Write an archive of {name: bytes or TarInfo}."""
    with tarfile.open(path, mode, **options) as tar:
        for name, content in files.items():
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = b"" if content is info else content
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def pack_folder(path, folder, arcname):
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as tar:
        tar.add(folder, arcname)
    return path


def read(folder, **options):
    return load_deepchrome(folder, cache=False, **options)


def assert_same(a, b):
    np.testing.assert_array_equal(a.X, b.X)
    assert a.X.dtype == b.X.dtype
    for name in ("y", "cell", "gene", "split"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    assert a.marks == b.marks


def random_dataset(seed):
    """Random cells, splits, genes, bins, marks and sizes of counts, in canonical order."""
    rng = np.random.default_rng(seed)
    n_bins, n_marks = rng.integers(1, 8), rng.integers(1, 7)
    top = [2, 12, 256, 70_000, 2**31, 2**40][seed % 6]
    rows = []
    for cell in ["E003", "E004", "cell 1", "é"][: rng.integers(1, 5)]:
        names = [f"{number:06d}" for number in rng.permutation(50)]
        for split in ("train", "valid", "test"):
            genes = [names.pop() + "x" * int(rng.integers(0, 12)) for _ in range(rng.integers(6))]
            rows += [(cell, split, gene) for gene in genes]
    rows = rows or [("E003", "train", "000001")]
    cell, split, gene = np.array(rows).T
    X = rng.integers(0, top, size=(len(rows), n_bins, n_marks))
    X = X // 10 ** rng.integers(0, 12, size=X.shape)
    X = X if seed % 3 else (X.astype(np.float32) + np.float32(0.1))
    y = rng.integers(0, 2, size=len(rows)).astype(np.int8)
    order = np.argsort(cell, kind="stable")  # np.unique's order of cells
    marks = MARKS if n_marks == 5 else [f"mark{number + 1}" for number in range(n_marks)]
    return HistoneDataset(X, y, cell=cell, gene=gene, split=split, marks=marks).take(order)
