"""The published table of AUROC, against the files it is from."""

import json

import numpy as np
import pytest

from histoexpr.replication import PUBLISHED_COLUMNS, PUBLISHED_FAULTS, published_auroc


def test_one_row_per_cell_of_finite_or_unpublished_scores():
    table = published_auroc()
    assert table.shape == (56, 6)
    assert list(table.columns) == [*PUBLISHED_COLUMNS, "flipped"]
    assert table.index.name == "cell"
    assert table.dtypes.eq(np.float64).all()
    # no weights were released for E059; DeepChrome 2.0 left E128 out of two experiments
    unpublished = [(c, column) for column in table for c in table.index[table[column].isna()]]
    assert unpublished == [
        ("E059", "attentivechrome"),
        ("E128", "deepchrome2_cnn_own"),
        ("E128", "deepchrome2_cnn_others"),
    ]
    assert len(PUBLISHED_FAULTS) == 3


def test_published_table_is_what_was_published(shared_data):
    released = json.loads((shared_data / "published/deepchrome2_results.json").read_text())
    table = published_auroc()
    lines = (shared_data / "published/auroc_by_cell.tsv").read_text().splitlines()[1:]
    assert [line.split("\t")[0] for line in lines] == table.index.tolist()
    for line in lines:
        cell, deepchrome, _, _, flipped = line.split("\t")
        assert table.loc[cell, "deepchrome"] == float(deepchrome)
        assert table.loc[cell, "flipped"] == float(flipped)
    for column, name in (
        ("deepchrome2_cnn_own", "cnn_own_cell"),
        ("deepchrome2_linear_own", "linear_mean_own_cell"),
        ("deepchrome2_cnn_others", "exclusive_all"),
    ):
        assert column in PUBLISHED_COLUMNS
        for cell, (value, *_) in released["experiments"][name].items():
            assert table.loc[cell, column] == pytest.approx(value, abs=5.1e-4)
    assert table["flipped"].corr(table["deepchrome"]) == pytest.approx(-0.96, abs=0.005)
