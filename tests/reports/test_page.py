"""The page of a study: whole, escaped, and the same for the same study."""

import html
import re

import numpy as np
import pytest

from histoexpr import HistoneLinearClassifier
from histoexpr.datasets import HistoneDataset, make_histone_cells
from histoexpr.experiments import evaluate_cells, run_study, signed
from histoexpr.plots import study_figures
from histoexpr.reports import write_study_report

pytest.importorskip("matplotlib")


EVERY_REGIME = [
    {"name": "own", "regime": "own"},
    {"name": "each", "regime": "each"},
    {"name": "others", "regime": "exclusive"},
]


def test_page_is_whole_and_alone(study, tmp_path):
    written = write_study_report(study, tmp_path / "report.html")
    assert all(path.is_file() for path in written)
    page = written[0].read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["'](?!data:)""", page)
    assert "http" not in without_images(page)
    assert "each &lt;b&gt;" in page
    assert "each <b>" not in page
    assert page.count("<img") == len(study_figures(study)) == len(written) - 1
    assert "published" not in page
    for score in study.statistics.means["roc_auc"]:
        assert f"<td>{score:.3f}</td>" in page
    again = write_study_report(study, tmp_path / "again.html")
    assert again[0].read_bytes() == written[0].read_bytes()


def test_pages_in_one_folder_have_their_own_figures(study, benchmark_like, tmp_path):
    first = write_study_report(study, tmp_path / "first.html")
    before = [path.read_bytes() for path in first]
    second = write_study_report(benchmark_like, tmp_path / "second.html")
    third = write_study_report(benchmark_like, tmp_path / "second.htm")
    assert [path.read_bytes() for path in first] == before
    assert first[1].parent == tmp_path / "first-figures"
    assert not {*second} & {*third} | {*first} & {*second}


def test_figures_of_an_earlier_version_are_removed_and_no_other_files(
    study, benchmark_like, tmp_path
):
    before = write_study_report(study, tmp_path / "report.html")
    ranks, models = (path for path in before if path.stem in ("ranks", "models"))
    folder = ranks.parent
    own = folder / "own.png", folder / "notes.txt", tmp_path / "regimes.png"
    for path in own:
        path.write_bytes(ranks.read_bytes())  # of another name
    models.write_bytes(b"edited")
    after = write_study_report(benchmark_like, tmp_path / "report.html")
    left = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {*after, *own, models}
    # a page that is not ours has no figures
    (tmp_path / "other.html").write_bytes(b"\xff")
    assert write_study_report(study, tmp_path / "other.html")[0].stat().st_size > 1000


def test_what_is_no_study_or_no_file_is_refused(study, tmp_path):
    for other in ("folder", tmp_path, 3, study.matrix()):
        with pytest.raises(TypeError, match=r"study must be .*CrossCellResults.*load_study"):
            write_study_report(other, tmp_path / "report.html")
    with pytest.raises(ValueError, match=r"path is the folder .*report\.html"):
        write_study_report(study, tmp_path)
    with pytest.raises(ValueError, match="'path' parameter"):
        write_study_report(study, 3)
    assert not list(tmp_path.iterdir())


def test_the_page_says_which_scores_are_better(study, benchmark_like, tmp_path):
    page = write_study_report(study, tmp_path / "a.html")[0].read_text(encoding="utf-8")
    findings, rest = page.split("</div>", 1)
    assert "(and log loss)" in findings
    assert "lower for log loss" in findings
    assert "lower is better" in rest.split("<h2>Calibration</h2>")[1].split("<h2>")[0]
    assert "worse for log loss" in rest
    page = write_study_report(benchmark_like, tmp_path / "b.html")[0].read_text(encoding="utf-8")
    assert "lower for log loss" not in page.split("</div>", 1)[0]  # there are no differences


def without_images(page):
    return re.sub(r"base64,[^\"]*", "", page)


def test_what_a_user_names_is_escaped(tmp_path):
    cell, model = '"><script>alert(1)</script>', "<img src=x onerror='a'>"
    names = ['=HYPERLINK("x")', "</style>{{ 7 * 7 }}"]
    cells = make_histone_cells(n_cells=2, n_genes=200, random_state=0, cell_names=["a", cell])
    experiments = [
        experiment | {"name": name}
        for experiment, name in zip(EVERY_REGIME[:2], names, strict=True)
    ]
    study, _, written = report_of(cells, tmp_path, experiments, (model, "other"))
    study.manifest["data_source"] = "</code><b>reads"
    study.manifest["versions"]["<i>"] = "'1'"
    write_study_report(study, written[0])
    page = without_images(written[0].read_text(encoding="utf-8"))
    assert "<script" not in page
    assert page.count("<img ") == len(written) - 1
    assert page.count("</style>") == 1
    assert "<b>" not in page
    assert "<i>" not in page
    for text in (cell, model, *names, "</code><b>reads", "<i> '1'"):
        assert text in html.unescape(page)
    texts = re.findall(r">([^<]*)<", page)
    assert not any('"' in text for text in texts)


@pytest.fixture(scope="module")
def benchmark_like(tmp_path_factory):
    """A study whose 100 test genes count as those of the benchmark."""
    path = tmp_path_factory.mktemp("published")
    names = ["E003", "<mine>"]
    cells = make_histone_cells(n_cells=2, n_genes=300, random_state=0, cell_names=names)
    cells.save(path / "data")
    test = set(cells.select(split="test").genes)
    spec = {"models": {"linear": "linear"}, "experiments": EVERY_REGIME[:1]}
    spec["genes"] = "split"
    with pytest.MonkeyPatch.context() as patch:
        check = "histoexpr.experiments._benchmark.are_test_genes"
        patch.setattr(check, lambda genes: set(genes) == test)
        yield run_study(spec, path / "data", path / "out")


def test_published_figures_stand_beside_the_same_test_genes(benchmark_like, tmp_path):
    written = write_study_report(benchmark_like, tmp_path / "report.html")
    assert {"published.png", "flipped-labels.png"} <= {path.name for path in written}
    page = written[0].read_text(encoding="utf-8")
    section = page.split("<h2>Beside the published figures</h2>")[1]
    captions = re.findall(r"<figcaption>([^<]*)<", section)
    assert len(captions) == 2
    for caption in captions:
        own, published = caption.split("This study: ")[1].split(" Published: ")
        assert own == "1 cell type, 100 test genes."  # <mine> is none of the benchmark's
        assert published == "56 cell types, 6,600 test genes."
    assert " ours" not in without_images(page)


def test_nothing_published_stands_beside_other_genes(study, benchmark_like, tmp_path):
    # of cells of the same names, in the same session
    assert {"E003", "E004", "E116"} < set(study.cells)
    written = write_study_report(study, tmp_path / "report.html")
    assert not {"published.png", "flipped-labels.png"} & {path.name for path in written}
    assert "published" not in written[0].read_text(encoding="utf-8").lower()


def test_the_page_says_that_signals_are_simulated(benchmark_like, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    page = write_study_report(benchmark_like, path)[0].read_text(encoding="utf-8")
    about, *_, published = page.split("<h2>")[:-1]
    assert "The signals are simulated." in about
    assert "published figures are measured" in published
    assert "simulated by histoexpr.make_histone_cells" in page
    monkeypatch.setitem(benchmark_like.manifest, "data_source", "reads <of> cells")
    page = write_study_report(benchmark_like, path)[0].read_text(encoding="utf-8")
    assert "simulated" not in page
    assert "reads &lt;of&gt; cells" in page


def test_evaluations_in_memory_have_a_page(tmp_path):
    cells = make_histone_cells(n_cells=2, n_genes=100, random_state=0)
    results = evaluate_cells({"linear": HistoneLinearClassifier()}, cells, genes="split")
    page = write_study_report(results, tmp_path / "report.html")[0].read_text(encoding="utf-8")
    assert ("SHA-256" in page) == ("data_sha256" in results.manifest)
    assert "2 cell types, models linear; 1 seed, 2 fits." in page


def test_reports_leave_the_backend_alone_and_no_figure_open(study, tmp_path):
    import matplotlib.pyplot as plt

    before = plt.get_backend()
    plt.switch_backend("svg")
    open_before = plt.get_fignums()
    write_study_report(study, tmp_path / "report.html")
    assert plt.get_backend() == "svg"
    assert plt.get_fignums() == open_before
    plt.switch_backend(before)


def test_findings_agree_with_the_scores(study):
    texts = study.findings()
    consensus = study.by_cell("baseline", "same-gene consensus").mean()
    assert f"{consensus:.3f}" in texts[0]
    change = (study.by_cell("others", "linear") - study.by_cell("own", "linear")).mean()
    text = next(text for text in texts if text.startswith("others, against"))
    assert f"linear {signed(change)}" in text
    assert any("linear and a & b" in text for text in texts)  # the same model twice is equivalent


def report_of(cells, path, experiments, models=("linear",)):
    """Run a study, write its report and return its figures and page."""
    cells.save(path / "data")
    spec = {"models": dict.fromkeys(models, "linear"), "experiments": experiments}
    spec["genes"] = "split"
    study = run_study(spec, path / "data", path / "out")
    written = write_study_report(study, path / "out" / "report.html")
    return study, study_figures(study), written


def test_scores_that_are_not_defined(tmp_path):
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0)
    y = np.where(cells.split == "test", 1, cells.y)
    columns = {name: getattr(cells, name) for name in ("cell", "gene", "split", "marks")}
    cells = HistoneDataset(cells.X, y=y, **columns, bin_size=cells.bin_size, window=cells.window)
    study, figures, written = report_of(cells, tmp_path, EVERY_REGIME, ("a", "b"))
    assert not any(name.startswith("matrix") for name in figures)
    page = written[0].read_text(encoding="utf-8")
    assert "nan" not in without_images(page)
    assert study.by_cell("own").isna().all()


@pytest.mark.parametrize("n_cells", [1, 2])
def test_few_cells(tmp_path, n_cells):
    cells = make_histone_cells(n_cells=n_cells, n_genes=200, random_state=0)
    experiments = EVERY_REGIME[: n_cells + 1]
    _, figures, written = report_of(cells, tmp_path, experiments, ("a", "b", "c"))
    assert ("matrix-a" in figures) == (n_cells == 2)
    page = written[0].read_text(encoding="utf-8")
    assert "None" not in page
    assert "nan" not in without_images(page)


def test_names_are_no_formulas_and_no_paths(tmp_path):
    names = ["$\\bad$", "a/b", "_c", "../d"]
    cells = make_histone_cells(n_cells=4, n_genes=200, random_state=0, cell_names=names)
    models = ["$\\bad$", "a/b", "a_b", "A_B", "x" * 300]
    experiments = [EVERY_REGIME[0] | {"name": "$\\worse$"}, EVERY_REGIME[1]]
    _, figures, written = report_of(cells, tmp_path, experiments, models)
    assert len({str(path).lower() for path in written}) == len(figures) + 1
    assert {path.parent.name for path in written} == {"out", "report-figures"}


def test_findings_distinguish_equivalence_over_cells_from_that_over_genes(study, monkeypatch):
    models = study.statistics.models.astype({"equivalent": object, "equivalent_by_genes": object})
    row = models.index[models["group"] == "own"][0]
    models.loc[row, "equivalent"], models.loc[row, "equivalent_by_genes"] = True, False
    monkeypatch.setattr(study.statistics, "models", models)
    text = next(text for text in study.findings() if "over genes" in text)
    first, second = models.loc[row, ["first", "second"]]
    over_cells, over_genes = text.split("over genes")
    assert f"{first} and {second}" in over_cells
    assert f"{first} and {second}" not in over_genes
    assert "within ±0.01 AUROC" in text
