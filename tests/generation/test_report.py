import json

import numpy as np
import pytest

from histoexpr import SignalGenerator, make_histone_cells
from histoexpr.generation import _baselines, _fidelity, generation_report
from histoexpr.plots import GenerationReportDisplay


@pytest.fixture(scope="module")
def genes():
    return make_histone_cells(n_cells=1, n_genes=150, random_state=0).return_X_y()


@pytest.fixture(scope="module")
def report(genes):
    X, y = genes
    generator = SignalGenerator(n_steps=3, width=4, encoder_steps=1, random_state=0)
    generator.fit(X[:110], y[:110])
    return generation_report(
        generator,
        X[110:],
        y[110:],
        X_train=X[:110],
        y_train=y[:110],
        n_repeats=2,
        random_state=0,
    )


def test_measures_by_hand():
    A = np.zeros((4, 3, 1))
    B = np.full((4, 3, 1), np.e - 1)
    assert _fidelity.marginal_distance(A, B) == pytest.approx([1.0])
    assert _fidelity.zero_fraction_error(A, B) == pytest.approx([1.0])
    assert np.isnan(_fidelity.profile_correlation(A, B)).all()
    peak = np.zeros((2, 4, 1))
    peak[:, 1] = 5
    assert _fidelity.profile_correlation(peak, 2 * peak) == pytest.approx([1.0])
    assert _fidelity.profile_correlation(peak, 5 - peak) == pytest.approx([-1.0])


def test_mark_correlation_sees_decoupled_marks():
    rng = np.random.default_rng(0)
    level = rng.poisson(20, (300, 1, 1)) + np.zeros((1, 6, 2))
    shuffled = np.stack([level[:, :, 0], level[rng.permutation(300), :, 1]], axis=2)
    assert _fidelity.mark_correlation_error(level, level) == 0
    assert _fidelity.mark_correlation_error(shuffled, level) > 0.8
    np.testing.assert_allclose(_fidelity.marginal_distance(shuffled, level), 0, atol=1e-12)


def test_autocorrelation_sees_independent_bins():
    rng = np.random.default_rng(0)
    smooth = np.repeat(rng.poisson(5, (200, 4, 1)), 10, axis=1)
    scattered = rng.permuted(smooth, axis=0)
    assert _fidelity.autocorrelation_error(smooth, smooth) == 0
    assert _fidelity.autocorrelation_error(scattered, smooth)[0] > 0.4


def test_collapse_and_copies_are_caught(genes):
    X = genes[0].astype(float)
    train, test = X[:70], X[70:140]
    collapsed = np.repeat(test[:1], 70, axis=0)
    assert _fidelity.coverage(collapsed, test) < 0.3
    assert _fidelity.coverage(train, test) > 0.6
    copies = _baselines.jittered(train, 70, np.random.RandomState(0))
    assert _fidelity.memorisation(copies, train, test) > 0.95
    assert _fidelity.memorisation(copies, test, train) < 0.05
    assert abs(_fidelity.memorisation(X[140:], train, test) - 0.5) < 0.2
    assert _fidelity.sliced_wasserstein(collapsed, test) > _fidelity.sliced_wasserstein(
        train, test
    )
    # one typical signal is near to many, but reaches none
    typical = np.repeat(np.expm1(np.log1p(test).mean(axis=0))[None], 70, axis=0)
    assert _fidelity.coverage(typical, test) > 0.5
    assert _fidelity.recall(typical, test) == 0
    assert _fidelity.recall(train, test) > 0.6


def test_reversed_copies_are_copies(genes):
    X = genes[0].astype(float)
    train, test = X[:70], X[70:140]
    copies = train[:, ::-1]
    assert _fidelity.memorisation(copies, train, test) < 0.8
    assert _fidelity.memorisation(copies, train, test, reversed_too=True) > 0.95
    assert _fidelity.memorisation(X[140:], train, test, reversed_too=True) < 0.8


def test_recall_and_coverage_by_hand():
    line = np.expm1(np.arange(6.0)).reshape(6, 1, 1)
    far = np.expm1(np.array([2.4, 20.0, 20.0, 20.0, 20.0, 20.0])).reshape(6, 1, 1)
    # within 1 of its nearest neighbour: 2 and 3 only
    assert _fidelity.coverage(far, line, n_neighbors=1) == pytest.approx(2 / 6)
    # 2.4 is 17.6 from its nearest neighbour, and all of the line is nearer
    assert _fidelity.recall(far, line, n_neighbors=1) == 1
    assert _fidelity.recall(line, far, n_neighbors=1) == pytest.approx(1 / 6)


def test_two_sample_tests_tell_only_what_differs():
    rng = np.random.default_rng(0)
    A, B = rng.poisson(3, (2, 80, 5, 2))
    for model in ("tree", "neighbours"):
        assert abs(_fidelity.two_sample_auroc(A, B, model) - 0.5) < 0.2
        assert _fidelity.two_sample_auroc(A, B + 4, model) > 0.95


def test_baselines_keep_what_they_should(genes):
    X, rng = genes[0][:, :20].astype(float), np.random.RandomState(0)
    bins = _baselines.resampled_bins(X, 2000, rng)
    np.testing.assert_allclose(np.log1p(bins).mean(axis=0), np.log1p(X).mean(axis=0), atol=0.15)
    assert (bins.max(axis=0) <= X.max(axis=0)).all()
    normal = _baselines.gaussian(X + 50, 4000, rng) - 50  # far from the cut at zero
    covariance = [np.cov(np.log1p(Z + 50)[:, 3].T) for Z in (X, normal)]
    np.testing.assert_allclose(*covariance, rtol=0.2, atol=2e-3)


def test_report_sets_every_figure_beside_its_null(report, tmp_path):
    rows = report.rows()
    assert list(report.values) == ["real", "generator", "resampled bins", "gaussian", "jittered"]
    assert len(rows) == 4 * 5 + 8
    by_name = {row["measure"]: row for row in rows}
    for row in rows:
        assert all(np.isfinite(row[source]) for source in report.values), row
    assert by_name["memorisation"]["jittered"] > 0.9
    assert abs(by_name["memorisation"]["real"] - 0.5) < 0.3
    assert abs(by_name["two_sample_tree"]["real"] - 0.5) < 0.25
    assert by_name["two_sample_tree"]["generator"] > 0.9  # hardly trained
    assert by_name["sliced_wasserstein"]["real"] < by_name["sliced_wasserstein"]["generator"]
    path = tmp_path / "report.json"
    assert json.loads(report.to_json(path)) == json.loads(path.read_text())
    assert len(json.loads(path.read_text())["rows"]) == len(rows)
    assert "memorisation" in str(report)
    frame = report.to_frame()
    assert frame.loc["coverage", "real"] == by_name["coverage"]["real"]


def test_report_draws(report):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    display = GenerationReportDisplay.from_report(report)
    titles = [ax.get_title().lower().replace(" ", "_") for ax in display.axes_]
    assert titles == list(report.best)
    dots = display.axes_[0].containers[1].lines[0].get_xdata()
    np.testing.assert_array_equal(dots, report.values["generator"]["profile_correlation"])
    with pytest.raises(ValueError, match="axes"):
        display.plot(axes=display.axes_[:3])
    matplotlib.pyplot.close(display.figure_)


def test_repeats_tell_the_spread(report):
    for name, values in report.values["generator"].items():
        deviation = report.deviations["generator"][name]
        assert np.shape(deviation) == np.shape(values)
    assert report.deviations["real"]["sliced_wasserstein"] > 0
    row = {row["measure"]: row for row in report.rows()}["sliced_wasserstein"]
    assert row["real sd"] == report.deviations["real"]["sliced_wasserstein"]
    assert " ± " in str(report)


def test_report_of_a_generator_without_classes_and_of_part_of_the_samples(genes):
    X, y = genes
    cell = np.where(np.arange(len(X)) % 2, "E003", "E123")
    generator = SignalGenerator(n_steps=1, width=2, encoder_steps=1, random_state=0)
    generator.fit(X[:100], cell=cell[:100])
    report = generation_report(
        generator,
        X[100:],
        y[100:],
        X_train=X[:100],
        y_train=y[:100],
        cell_test=cell[100:],
        n_repeats=1,
        max_samples=20,
        random_state=0,
    )
    assert report.n_test == 20
    assert np.isnan(report.values["generator"]["transfer_auroc"])
    assert np.isfinite(report.values["gaussian"]["transfer_auroc"])
    assert np.isnan(report.deviations["generator"]["coverage"])
    assert " ± " not in str(report)


def test_report_of_frames_and_of_one_mark(genes):
    pandas = pytest.importorskip("pandas")
    X, y = genes[0][:60, :10], genes[1][:60]
    flat = X[:, :, 3]
    frame = pandas.DataFrame(X[:, :, [0, 3]].reshape(60, -1))
    frame.columns = [f"{mark}:{b}" for b in range(10) for mark in ("H3K27me3", "H3K4me3")]
    for signals, marks in ((flat, ["mark 1"]), (frame, ["H3K27me3", "H3K4me3"])):
        generator = SignalGenerator(n_steps=1, width=2, encoder_steps=1, random_state=0)
        generator.fit(signals[:40], y[:40])
        report = generation_report(
            generator, signals[40:], y[40:], X_train=signals[:40], y_train=y[:40], n_repeats=1
        )
        assert report.marks == marks
        assert np.isfinite(report.values["generator"]["sliced_wasserstein"])


def test_report_asks_for_enough_samples(genes):
    X, y = genes
    generator = SignalGenerator(n_steps=1, width=2, encoder_steps=1, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match="at least 10"):
        generation_report(generator, X[:3], y[:3], X_train=X, y_train=y)
    with pytest.raises(ValueError, match="Pass fewer test samples"):
        generation_report(generator, X, y, X_train=X[:60], y_train=y[:60])
    with pytest.raises(ValueError, match=r"\(50, 5\)"):
        generation_report(generator, X[:, :50], y, X_train=X, y_train=y)
    with pytest.raises(ValueError, match="y_test is needed"):
        generation_report(generator, X, None, X_train=X, y_train=y)
