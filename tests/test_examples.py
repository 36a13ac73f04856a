"""The examples run."""

import importlib.util
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from support import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path, tmp_path):
    environment = os.environ | {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, str(path)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.fixture(scope="module")
def switched():
    path = ROOT / "examples" / "switched_genes.py"
    spec = importlib.util.spec_from_file_location("switched_genes", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_enrichment_of_panels_by_hand(switched):
    """Of 5 genes 2 are drawn and 2 are in the panel: both in 1, at least one in 7 of 10 draws."""
    named = list("abcde")
    panel = {"a", "b", "unknown"}
    assert switched.enrichment(named, ["a", "b"], panel) == (2, 0.8, pytest.approx(1 / 10))
    assert switched.enrichment(named, ["a", "c"], panel) == (1, 0.8, pytest.approx(7 / 10))
    assert switched.enrichment(named, ["c", "d"], panel) == (0, 0.8, 1.0)
    named = [f"g{n}" for n in range(2000)]
    assert switched.false_positives(named, named[:300], 30, n_draws=400) < 0.08
    table = pd.DataFrame({"name": named[:4], "higher_in": ["A", "B", "B", "B"]})
    counts = switched.directions(table, [{"g0", "g1"}, {"g2", "g3", "x"}], ["A", "B"])
    np.testing.assert_array_equal(counts, [[1, 1], [0, 2]])


def test_panels_are_those_that_were_published(switched):
    """22, 22 and 26 genes, none in two panels: 70 in all."""
    sizes = [len(genes.split()) for genes in switched.PANELS.values()]
    assert sizes == [22, 22, 26]
    assert len({gene for genes in switched.PANELS.values() for gene in genes.split()}) == 70
