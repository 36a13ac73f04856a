"""The command ``predict``."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from histoexpr import (
    SignalScaler,
    build_dataset,
    load_model,
    make_histone_cells,
    predict_genes,
    read_model_info,
    save_model,
    train_model,
)
from histoexpr.cli import main
from histoexpr.datasets import save_deepchrome
from support.track_files import random_reads, write_bed


@pytest.fixture(scope="module")
def cells():
    return make_histone_cells(n_cells=3, n_genes=200, random_state=0)


@pytest.fixture(scope="module")
def new(cells):
    return cells.select(cells="C03")


@pytest.fixture(scope="module")
def folder(cells, new, tmp_path_factory):
    """A model of two cells, the third one saved with labels and without, and a regressor."""
    path = tmp_path_factory.mktemp("predict")
    old = cells.select(cells=["C01", "C02"])
    for name, kind in (("m", "logistic"), ("level", "ridge")):
        found = train_model(old, kind, validate="none")
        save_model(found.estimator, path / f"{name}.histoexpr", data=old)
    new.save(path / "labelled")
    new.replace(y=None, expression=None).save(path / "bare")
    cells.save(path / "all")
    return path


def predict(*arguments):
    return main(["predict", *map(str, arguments)])


def read(path):
    return pd.read_csv(path, sep="\t", dtype={"gene": str})


def test_table_and_text_without_labels(folder, new, tmp_path, capsys):
    out = tmp_path / "p.tsv"
    assert predict(folder / "m.histoexpr", folder / "bare", "-o", out, "--top", 3) == 0
    printed = capsys.readouterr()
    model, info = (f(folder / "m.histoexpr") for f in (load_model, read_model_info))
    expected = predict_genes(model, new, info=info)
    table = read(out)
    assert table.columns.tolist() == ["gene", "cell", "chrom", "tss", "probability", "call"]
    np.testing.assert_allclose(table["probability"], expected["probability"])
    share = (table["call"] == "expressed").mean()
    assert f"C03: 200 genes, {share:.1%} expressed" in printed.out
    assert printed.out.count("G0000") == 3
    assert "... 200 in all" in printed.out
    assert "AUROC" not in printed.out
    assert printed.err == ""


def test_labels_are_scored_with_intervals(folder, tmp_path, capsys):
    out, found = tmp_path / "p.csv.gz", tmp_path / "p.json"
    assert predict(folder / "m.histoexpr", folder / "all", "-o", out, "--json", found) == 0
    text = capsys.readouterr().out
    assert "AUROC" in text
    assert "Trained on, too: C01, C02." in text
    saved = json.loads(found.read_text())
    assert saved["n"] == 600
    assert [row["cell"] for row in saved["cells"]] == ["C01", "C02", "C03"]
    row = saved["scores"][0]
    assert row["low"] < row["score"] < row["high"]
    assert f"{row['score']:.3f} ({row['low']:.3f} to {row['high']:.3f})" in text
    assert saved["first"][0]["gene"] == "G00001"
    assert len(pd.read_csv(out)) == 600
    assert predict(folder / "m.histoexpr", folder / "labelled", "-o", tmp_path / "q.tsv") == 0
    assert "The cells are new to the model" in capsys.readouterr().out


def test_a_model_of_expression_is_held_against_expression_and_labels(folder, tmp_path, capsys):
    command = [folder / "level.histoexpr", folder / "labelled", "-o", tmp_path / "p.tsv"]
    assert predict(*command) == 0
    text = capsys.readouterr().out
    assert "median" in text
    assert "Pearson" in text
    assert "AUROC" in text
    assert "log2_expression" in read(tmp_path / "p.tsv")


def test_cells_are_chosen_and_genes_named(folder, tmp_path, capsys):
    names = tmp_path / "names.tsv"
    names.write_text("G00002\tSOX1\n")
    out = tmp_path / "p.tsv"
    command = [folder / "m.histoexpr", folder / "all", "-o", out, "--names", names]
    assert predict(*command, "--cells", "C03, C01") == 0
    table = read(out)
    assert set(table["cell"]) == {"C01", "C03"}
    assert table["symbol"].dropna().unique().tolist() == ["SOX1"]
    assert predict(*command, "--cells", "C9", "--overwrite") == 1
    assert "No cell C9; there are C01, C02, C03" in capsys.readouterr().err
    assert predict(*command, "--overwrite", "--quiet") == 0
    assert capsys.readouterr().out == ""


@pytest.fixture
def tracks(tmp_path):
    rng = np.random.default_rng(0)
    lines = ["cell\tmark\tfile"]
    for mark in ("H3K4me3", "H3K27ac"):
        write_bed(tmp_path / f"{mark}.tagAlign", random_reads(rng, 900))
        lines.append(f"my cell\t{mark}\t{mark}.tagAlign")
    table = tmp_path / "tracks.tsv"
    table.write_text("\n".join(lines) + "\n")
    genes = tmp_path / "genes.tsv"
    rows = [f"G{n}\tS{n}\tchr1\t{1000 + 700 * n}\t{'+-'[n % 2]}" for n in range(24)]
    genes.write_text("gene\tsymbol\tchrom\ttss\tstrand\n" + "\n".join(rows) + "\n")
    return table, genes


@pytest.mark.filterwarnings("ignore::histoexpr.exceptions.HistoexprWarning")
def test_tracks_are_counted_as_for_the_model(tracks, tmp_path, capsys):
    data = build_dataset(*tracks, window=(-500, 500), bin_size=50, rule="5prime")
    data = data.select(marks="H3K4me3").replace(y=np.arange(24) % 2)
    model = train_model(data, "logistic", validate="none").estimator
    file = save_model(model, tmp_path / "m.histoexpr", data=data)
    out = tmp_path / "p.tsv"
    assert predict(file, *tracks, "-o", out) == 0
    printed = capsys.readouterr()
    assert "not read: H3K27ac" in printed.err
    table = read(out)
    np.testing.assert_allclose(table["probability"], model.predict_proba(data)[:, 1])
    assert table["symbol"].tolist() == [f"S{n}" for n in range(24)]
    assert set(table["cell"]) == {"my cell"}
    assert not list(tmp_path.glob("*.histoexpr-cache"))
    assert predict(file, tracks[0], "-o", out, "--overwrite") == 1
    error = capsys.readouterr().err
    assert "is a table of tracks: name the genes, too" in error
    assert predict(file, tmp_path, tracks[1], "-o", out, "--overwrite") == 1
    assert "GENES is for tracks" in capsys.readouterr().err


def test_the_deepchrome_layout_with_and_without_labels(tmp_path, capsys):
    data = make_histone_cells(2, 60, oriented=False, random_state=0)
    model = train_model(data, "logistic", validate="none").estimator
    file = save_model(model, tmp_path / "m.histoexpr", data=data)
    save_deepchrome(data.replace(y=np.zeros(120, dtype=int)), tmp_path / "zeros")
    out = tmp_path / "p.tsv"
    assert predict(file, tmp_path / "zeros", "-o", out) == 0
    assert "label" not in read(out)
    for path in (tmp_path / "zeros").rglob("*.csv"):
        lines = [line.rpartition(",")[0] for line in path.read_text().splitlines()]
        path.write_text("\n".join(lines) + "\n")
    assert predict(file, tmp_path / "zeros", "-o", out, "--overwrite") == 1
    assert "without labels write 0 there" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{f}/no", "{f}/bare", "-o", "{t}/p.tsv"], "MODEL: {f}/no does not exist"),
        (["{f}/bare", "{f}/bare", "-o", "{t}/p.tsv"], "MODEL: {f}/bare is a folder"),
        (["{f}/bare/X.npy", "{f}/bare", "-o", "{t}/p.tsv"], "This is no model file"),
        (["{f}/m.histoexpr", "{f}/no", "-o", "{t}/p.tsv"], "DATA: {f}/no does not exist"),
        (["{f}/m.histoexpr", "{f}/m.histoexpr", "-o", "{t}/p.tsv"], "expected a folder with"),
        (["{f}/m.histoexpr", "{f}/bare", "-o", "{t}/p.txt"], "--out: {t}/p.txt needs a name"),
        (["{f}/m.histoexpr", "{f}/bare", "-o", "{f}/bare/p.tsv"], "lies in what is read"),
        (["{f}/m.histoexpr", "{f}/bare", "-o", "{t}/no/p.tsv"], "{t}/no does not exist"),
        (["{f}/m.histoexpr", "{f}/bare", "-o", "{t}/there.tsv"], "there.tsv exists"),
        (["{f}/m.histoexpr", "{f}/bare", "{f}/no.gtf", "-o", "{t}/p.tsv"], "GENES: {f}/no.gtf"),
        (
            ["{f}/m.histoexpr", "{f}/bare", "-o", "{t}/p.tsv", "--reference", "{t}/there.tsv"],
            "uses no expression of other cells",
        ),
    ],
)
def test_errors_are_one_line_and_leave_nothing(folder, tmp_path, capsys, arguments, message):
    (tmp_path / "there.tsv").write_text("mine\n")
    assert predict(*(part.format(f=folder, t=tmp_path) for part in arguments)) == 1
    error = capsys.readouterr().err
    assert error.startswith("histoexpr: error: ")
    assert error.count("\n") == 1
    assert message.format(f=folder, t=tmp_path) in error
    assert [path.name for path in tmp_path.iterdir()] == ["there.tsv"]


def test_models_of_another_kind_and_other_marks(folder, cells, tmp_path, capsys):
    scaler = save_model(SignalScaler().fit(cells), tmp_path / "s.histoexpr", data=cells)
    assert predict(scaler, folder / "bare", "-o", tmp_path / "p.tsv") == 1
    assert "SignalScaler, which predicts neither" in capsys.readouterr().err
    cells.select(cells="C03", marks=cells.marks[:2]).save(tmp_path / "two")
    assert predict(folder / "m.histoexpr", tmp_path / "two", "-o", tmp_path / "p.tsv") == 1
    assert "Missing: H3K4me1, H3K4me3, H3K9me3" in capsys.readouterr().err
    assert not (tmp_path / "p.tsv").exists()


def test_one_gene_repeated_genes_and_names_in_unicode(folder, new, tmp_path, capsys):
    odd = new.take([0, 0, 1]).replace(cell=["Zelle é 1", "b c", "b c"])
    odd.save(tmp_path / "odd")
    out = tmp_path / "p.tsv"
    assert predict(folder / "m.histoexpr", tmp_path / "odd", "-o", out) == 0
    assert read(out)["cell"].tolist() == ["Zelle é 1", "b c", "b c"]
    assert "Zelle é 1: 1 genes" in capsys.readouterr().out
    new.take([0]).save(tmp_path / "one")
    assert predict(folder / "m.histoexpr", tmp_path / "one", "-o", out, "--overwrite") == 0
    assert "Not scored" in capsys.readouterr().out


def test_a_closed_pipe_loses_no_result(folder, tmp_path):
    out = tmp_path / "p.tsv"
    command = [sys.executable, "-m", "histoexpr", "predict", folder / "m.histoexpr"]
    reader, writer = os.pipe()
    os.close(reader)  # nobody reads
    done = subprocess.run(
        [*map(str, command), str(folder / "bare"), "-o", str(out)],
        stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writer)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert len(read(out)) == 200


def test_a_wrong_path_is_told_without_numpy(tmp_path):
    code = (
        "import sys; from histoexpr.cli import main; "
        f"assert main(['predict', '{tmp_path}/m', '{tmp_path}', '-o', 'p.tsv']) == 1; "
        f"assert main(['info', '{tmp_path}/m']) == 1; "
        f"assert main(['train', '{tmp_path}/m', '-o', 'm.histoexpr']) == 1; "
        "heavy = {'numpy', 'pandas', 'sklearn', 'torch'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_reference_without_common_genes_is_said(tmp_path, capsys):
    data, reference = make_histone_cells(2, 200, n_reference_cells=6, random_state=0)
    old, new = (data.select(cells=name) for name in data.cells)
    model = train_model(old, "reference", reference=reference, validate="none").estimator
    file = save_model(model, tmp_path / "m.histoexpr", data=old)
    new.save(tmp_path / "new")
    table = tmp_path / "other.tsv"
    rows = [f"X{n}\t{n}\t{n % 7}" for n in range(30)]
    table.write_text("gene\tA\tB\n" + "\n".join(rows) + "\n")
    command = [file, tmp_path / "new", "-o", tmp_path / "p.tsv", "--overwrite"]
    assert predict(*command) == 0
    with_own = read(tmp_path / "p.tsv")["probability"]
    assert "in the reference" not in capsys.readouterr().err
    assert predict(*command, "--reference", table) == 0
    assert "Of 200 genes of cell C02, 0 are in the reference" in capsys.readouterr().err
    assert not np.allclose(with_own, read(tmp_path / "p.tsv")["probability"])


def test_a_reference_may_stay_out_of_the_file(tmp_path, capsys):
    data, reference = make_histone_cells(2, 250, n_reference_cells=6, random_state=0)
    data.select(cells="C01").save(tmp_path / "old")
    data.select(cells="C02").save(tmp_path / "new")
    table = tmp_path / "reference.tsv"
    reference.to_frame().rename_axis("gene").to_csv(table, sep="\t")
    train = ["train", tmp_path / "old", "--model", "reference", "--reference", table, "-q"]
    train = [str(part) for part in (*train, "--validate", "none")]
    assert main([*train, "-o", str(tmp_path / "in.histoexpr")]) == 0
    assert main([*train, "-o", str(tmp_path / "by.histoexpr"), "--reference-by-hash"]) == 0
    out = ["-q", "-o", tmp_path / "p.tsv", "--overwrite"]
    assert predict(tmp_path / "by.histoexpr", tmp_path / "new", *out) == 1
    assert "Give the table that it was trained with as --reference" in capsys.readouterr().err
    assert not (tmp_path / "p.tsv").exists()
    assert predict(tmp_path / "by.histoexpr", tmp_path / "new", *out, "--reference", table) == 0
    found = read(tmp_path / "p.tsv")
    assert predict(tmp_path / "in.histoexpr", tmp_path / "new", *out) == 0
    pd.testing.assert_frame_equal(found, read(tmp_path / "p.tsv"))
