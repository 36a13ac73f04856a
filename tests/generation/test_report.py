"""The report of a generator beside real signals and baselines."""

import numpy as np
import pytest

from histoexpr import SignalGenerator, make_histone_cells
from histoexpr.generation import _judges, generation_report
from support.generators import Replay

pytestmark = pytest.mark.usefixtures("quick_networks")
TREES = dict(_judges._TREES)  # not the few of the other tests
TRAINED = {"n_steps": 1, "width": 2, "encoder_steps": 1, "random_state": 0}


@pytest.fixture(scope="module")
def cells():
    """Ten bins of many genes, on a dozen chromosomes."""
    data = make_histone_cells(n_cells=1, n_genes=1200, random_state=0)
    chrom = np.array([f"chr{k % 12}" for k in range(1200)])
    data = data.replace(X=np.asarray(data.X)[:, 45:55], window=None, chrom=chrom)
    return data.replace(tss=np.arange(1200))


@pytest.fixture
def no_baselines(monkeypatch):
    for room in ("_report", "_sources"):
        monkeypatch.setattr(f"histoexpr.generation.{room}.BASELINES", {})


def scattered(X, rng):
    """Draw each bin of one mark from another gene."""
    drawn = np.random.default_rng(rng.randint(2**31))
    X[..., 2] = drawn.permuted(X[..., 2], axis=0)
    return X


def test_every_figure_stands_beside_its_null(cells):
    training, test, pool = cells[:120], cells[120:180], cells[180:400]
    report = generation_report(
        Replay().fit(pool, pool.y), test, X_train=training, n=50, n_repeats=2, random_state=0
    )
    assert (report.n, report.n_test, report.n_train, report.n_repeats) == (50, 60, 120, 2)
    assert report.unit == "chromosome"
    assert report.marks == cells.marks
    assert list(report.values) == ["real", "generator", "resampled bins", "gaussian", "jittered"]
    table = report.table
    assert np.isfinite(table.drop(index="two_sample")).all(axis=None)
    for source in report.values:
        inside = table[f"{source} low"] <= table[source]
        assert (inside & (table[source] <= table[f"{source} high"])).all()
    # copies are as near as real genes, and are found out
    copies = report.values["jittered"]
    assert copies["precision"] > 0.6
    assert copies["authenticity"] < 0.1 < report.values["real"]["authenticity"] - 0.2
    assert copies["memorisation"] > 0.9
    again = generation_report(
        Replay().fit(pool, pool.y), test, X_train=training, n=50, n_repeats=2, random_state=0
    )
    assert again.to_json() == report.to_json()
    assert report.verdict == "Not shown to be worse than real genes in any measure at n = 50."


def test_the_figure_is_of_n_not_of_how_many_genes_there_are(cells, no_baselines, monkeypatch):
    monkeypatch.setattr("histoexpr.generation._judges._TREES", TREES)
    training, pool = cells[400:900], cells[900:]
    generator = Replay(scattered).fit(pool, pool.y)

    def figure(n_genes, n):
        settings = {"n": n, "n_repeats": 2, "random_state": 0}
        report = generation_report(generator, cells[:n_genes], X_train=training, **settings)
        assert report.n == min(n, n_genes)
        assert set(report.table["n"]) == {report.n, report.n_transfer}
        return report.values["generator"]["two_sample_tree"]

    few, many, more = figure(100, 100), figure(350, 100), figure(350, 350)
    assert abs(few - many) < 0.12
    # as when all genes that were handed in were compared
    assert more > max(few, many) + 0.07


def test_a_bad_generator_is_told_where_it_is_bad(cells, no_baselines):
    def noisy(X, rng):
        X[..., 2] = np.rint(4 * X[..., 2])
        return X

    training, test, pool = cells[:200], cells[200:320], cells[320:]
    report = generation_report(
        Replay(noisy).fit(pool, pool.y), test, X_train=training, n=100, random_state=0
    )
    assert report.verdict.startswith("Worse than real genes at n = 100 in: two-sample AUROC by ")
    assert f"marginal distance of {cells.marks[2]}" in report.verdict
    assert str(report).startswith(report.verdict)


@pytest.mark.parametrize("factor", [1024, 0.01])
def test_nothing_depends_on_the_unit_of_the_signals(cells, factor):
    tables = []
    for k in (1, factor):
        X, y = k * cells.X[:240].astype(float), cells.y[:240]
        generator = Replay().fit(X[120:], y[120:])
        settings = {"X_train": X[:60], "y_train": y[:60], "n_repeats": 1, "random_state": 0}
        tables.append(generation_report(generator, X[60:100], y[60:100], **settings).table)
    one, other = (
        table.drop(
            index=[name for name in table.index if name.endswith(("cnn", "two_sample", "ratio"))]
        )
        for table in tables
    )
    np.testing.assert_allclose(other, one, atol=1e-6)
    # a network amplifies the rounding of 32-bit numbers
    cnn = [table.loc["two_sample_cnn", ["real", "generator"]] for table in tables]
    np.testing.assert_allclose(*cnn, atol=0 if factor == 1024 else 0.1)


def test_generators_without_classes_and_with_cell_types(more_genes, no_baselines):
    X, y = more_genes[0][:, :10], more_genes[1]
    cell = np.where(np.arange(len(X)) % 2, "E003", "E123")
    generator = SignalGenerator(**TRAINED).fit(X[:100], cell=cell[:100])
    settings = {"X_train": X[:100], "y_train": y[:100], "n_repeats": 1, "random_state": 0}
    report = generation_report(generator, X[100:], y[100:], cell_test=cell[100:], n=20, **settings)
    assert report.n == 20
    assert np.isnan(report.values["generator"]["transfer_cnn"])
    assert np.isnan(report.p_worse["transfer_cnn"])
    assert np.isfinite(report.values["real"]["transfer_cnn"])
    assert "transfer" not in report.verdict


def test_report_of_frames_and_of_one_mark(more_genes):
    pandas = pytest.importorskip("pandas")
    X, y = more_genes[0][:60, :10], more_genes[1][:60]
    flat = X[:, :, 3]
    frame = pandas.DataFrame(X[:, :, [0, 3]].reshape(60, -1))
    frame.columns = [f"{mark}:{b}" for b in range(10) for mark in ("H3K27me3", "H3K4me3")]
    for signals, marks in ((flat, ["mark1"]), (frame, ["H3K27me3", "H3K4me3"])):
        generator = SignalGenerator(**TRAINED).fit(signals[:40], y[:40])
        report = generation_report(
            generator, signals[40:], y[40:], X_train=signals[:40], y_train=y[:40], n_repeats=1
        )
        assert report.marks == marks
        assert np.isfinite(report.values["generator"]["marginal_distance"])
        assert np.isnan(report.values["real"]["mark_correlation_error"]) == (len(marks) == 1)
        assert "nan" not in str(report)


def test_report_asks_for_enough_samples(more_genes):
    X, y = more_genes
    generator = SignalGenerator(**TRAINED).fit(X, y)
    with pytest.raises(ValueError, match="at least 10"):
        generation_report(generator, X[:3], y[:3], X_train=X, y_train=y)
    with pytest.raises(ValueError, match=r"\(50, 5\)"):
        generation_report(generator, X[:, :50], y, X_train=X, y_train=y)
    with pytest.raises(ValueError, match="y_test is needed"):
        generation_report(generator, X, None, X_train=X, y_train=y)
    with pytest.raises(ValueError, match="'n' parameter"):
        generation_report(generator, X, y, X_train=X, y_train=y, n=5)


@pytest.mark.slow
def test_real_genes_are_no_worse_than_real_genes(cells, no_baselines):
    held, alarms = 0, 0
    for seed in range(40):
        rng = np.random.RandomState(seed)
        parts = np.split(rng.permutation(1200)[:320], [80, 160])
        test, training, pool = (cells.take(np.sort(part)) for part in parts)
        report = generation_report(
            Replay().fit(pool, pool.y), test, X_train=training, n=80, random_state=seed
        )
        low, high = (ends["real"]["two_sample_tree"] for ends in (report.low, report.high))
        held += low <= 0.5 <= high
        alarms += report.verdict.startswith("Worse")
    # 95 % and 5 %, less three standard errors of 40
    assert held >= 0.85 * 40
    assert alarms <= 0.15 * 40
