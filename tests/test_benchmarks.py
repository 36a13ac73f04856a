"""Benchmarks: DeepChrome 2.0, cells made comparable, and what changes between cells."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from joblib import Parallel, delayed

from histoexpr import HistoneDataset, make_histone_cells, pair_cells
from support import ROOT

pytest.importorskip("matplotlib")

PATH = ROOT / "benchmarks" / "deepchrome2.py"


@pytest.fixture
def benchmark():
    spec = importlib.util.spec_from_file_location("deepchrome2", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(benchmark, monkeypatch, capsys):
    def run(*options):
        monkeypatch.setattr(sys, "argv", ["deepchrome2.py", *map(str, options)])
        benchmark.main()
        return capsys.readouterr().out

    return run


def test_small_sets_are_simulated_and_said_to_be(run, tmp_path):
    options = ["--out", tmp_path / "out", "--models", "linear", "--max-cells", 3]
    shown = run(*options, "--max-genes", 90)
    assert "270 samples = 90 genes in C01, C02, C03" in shown
    assert "These signals are simulated." in shown
    assert "6 fits" in shown
    with pytest.raises(SystemExit, match=r"'max_genes': 90.* 'max_genes': 120.* another --out"):
        run(*options, "--max-genes", 120)


def test_scores_that_are_not_defined(benchmark, run, tmp_path, monkeypatch):
    def one_class(*args, **params):
        cells = make(*args, **params)
        return cells.replace(y=np.where(cells.split == "test", 1, cells.y))

    make = benchmark.make_histone_cells
    monkeypatch.setattr(benchmark, "make_histone_cells", one_class)
    options = ["--models", "linear", "--max-cells", 2, "--max-genes", 90]
    shown = run("--out", tmp_path / "out", *options)
    assert "AUROC not defined" in shown


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc")
def test_memory_of_live_workers_is_stated(benchmark):
    size = 64 * 2**20
    Parallel(n_jobs=2)(delayed(np.ones)(size // 8) for _ in range(2))
    found = benchmark.peak_memory()
    assert found.startswith("peak memory ")
    assert float(found.split(", ")[1].split()[0]) > size / 2**30


def test_ways_to_make_cells_comparable(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    module = importlib.import_module("cells_comparable")
    small = [make_histone_cells(2, 800, random_state=0)]
    monkeypatch.setattr(module, "read_cells", lambda files: small)
    monkeypatch.setattr(module, "METHODS", [("quantile", "region")])
    monkeypatch.setattr(sys, "argv", ["cells_comparable.py", "--models", "linear"])
    module.main()
    shown = capsys.readouterr().out
    rows = [line.split(" | ") for line in shown.splitlines() if line.count(" | ") == 11]
    assert [row[:3] for row in rows if row[0] == "linear"] == [
        ["linear", "-", "-"],
        ["linear", "-", "shift"],
        ["linear", "-", "quantile"],
        ["linear", "quantile region", "-"],
        ["linear", "quantile region", "shift"],
        ["linear", "quantile region", "quantile"],
        ["linear", "quantile region", "estimate"],
    ]
    right = {tuple(row[:3]): float(row[8].split()[0]) for row in rows}
    assert right["linear", "-", "quantile"] > right["linear", "-", "-"]  # a cell is less deep


def test_intervals_by_chromosome(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    module = importlib.import_module("cells_comparable")
    chrom = np.repeat(["chr1", "chr2"], 50)
    assert module.interval_of(np.arange(100) % 2 == 0, chrom) == "0.500 (0.500 to 0.500)"
    assert module.interval_of(chrom == "chr1", chrom) == "0.500 (0.000 to 1.000)"


@pytest.fixture
def differential(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    return importlib.import_module("differential")


def test_scores_of_changes(differential):
    change = np.array([-2.0, -1.0, 1.0, 2.0, 0.1])
    found = np.array([-1.0, 0.5, 0.4, 3.0, -9.0])
    differs = np.array([True, True, True, True, False])
    right, area, pearson, _ = differential.score(change, found, differs)
    assert (right, area) == (0.75, 0.75)  # of 4 signs, and of 4 pairs of a fall and a rise
    assert pearson == pytest.approx(np.corrcoef(change, found)[0, 1])


def test_genes_of_which_the_label_differs(differential):
    data = HistoneDataset(
        np.ones((6, 1, 1)),
        [0, 1, 1, 1, 1, 0],
        cell=list("AABBCC"),
        gene=list("ghhggh"),
        expression=np.arange(6.0),
    )
    pairs = pair_cells(data)
    assert pairs.cell.tolist() == [f"{a} vs {b}" for a, b in ("AB", "AC", "BC") for _ in "gh"]
    expected = {("A vs B", "g"), ("A vs C", "g"), ("A vs C", "h"), ("B vs C", "h")}
    differs = differential.labels_differ(data, pairs)
    assert set(zip(pairs.cell[differs], pairs.gene[differs], strict=True)) == expected


def test_changes_of_simulated_cells(differential, monkeypatch, capsys):
    def few(*args, **params):
        return make_histone_cells(3, 150, random_state=0)

    monkeypatch.setattr(differential, "make_histone_cells", few)
    monkeypatch.setattr(differential, "N_DRAWS", 20)
    monkeypatch.setattr(sys, "argv", ["differential.py", "pairs", "--models", "linear"])
    differential.main()
    shown = capsys.readouterr().out
    assert "these cells are simulated" in shown
    for pair in ("C01 vs C02", "C01 vs C03", "C02 vs C03"):
        assert pair in shown


def test_cold_start_compares_whole_processes():
    spec = importlib.util.spec_from_file_location(
        "cold_start", ROOT / "benchmarks" / "cold_start.py"
    )
    cold_start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cold_start)
    seconds, shown = cold_start.cpu_of("sum(range(10**7))")
    assert seconds > 0.05
    assert shown == "False"
    found = cold_start.measure(["regions"], n_genes=50, repeats=0)
    assert not found[cold_start.OURS, "regions"][1]  # no torch
