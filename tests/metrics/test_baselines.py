"""Baselines by hand and on real labels."""

import numpy as np
import pytest

from histoexpr.metrics import auroc, consensus_baseline, majority_baseline

CELL = np.array(["E003", "E003", "E116", "E116", "E123", "E123", "E123"])

GENE = np.array(["a", "b", "a", "b", "b", "c", "a"])

Y = np.array([1, 0, 1, 1, 0, 1, 0])

TRAIN, TEST = CELL != "E123", CELL == "E123"


def test_consensus_by_hand():
    expected = [0.5, 0.75, 1]  # b: 0 and 1; c: unseen, 3 of 4; a: 1 and 1
    assert consensus_baseline(Y[TRAIN], GENE[TRAIN], GENE[TEST]).tolist() == expected
    as_objects = GENE.astype(object)
    labels = np.where(Y, "on", "off")
    again = consensus_baseline(labels[TRAIN], as_objects[TRAIN], as_objects[TEST].tolist())
    assert again.tolist() == expected
    assert consensus_baseline([1, 0], [7, 8], ["8", "9", "007"]).tolist() == [0, 0.5, 0.5]
    assert consensus_baseline([1, 0], ["a", "b"], []).tolist() == []


def test_majority():
    assert majority_baseline(Y[TRAIN], 3).tolist() == [0.75] * 3
    assert majority_baseline(["a", "b", "b", "b"], 0).tolist() == []


def test_consensus_on_real_labels(shared_data):
    """The labels of the other cells alone reach an AUROC of about 0.95."""
    data = np.load(shared_data / "roadmap_expression.npz")
    rpkm = data["rpkm"]
    labels = (rpkm > np.median(rpkm, axis=0))[::4]
    n_genes, n_cells = labels.shape
    cell = np.tile(np.arange(n_cells), n_genes)
    gene = np.repeat(np.arange(n_genes), n_cells)
    values = []
    for number in range(0, n_cells, 11):
        other = cell != number
        score = consensus_baseline(labels.ravel()[other], gene[other], gene[~other])
        values.append(auroc(labels[:, number], score))
    assert np.mean(values) == pytest.approx(0.95, abs=0.015)


def test_baselines_refuse():
    with pytest.raises(ValueError, match=r"gene_train has shape \(6,\), but y_train has \(7,\)"):
        consensus_baseline(Y, GENE[1:], GENE)
    for baseline, args in ((consensus_baseline, ([], [])), (majority_baseline, (3,))):
        with pytest.raises(ValueError, match="y_train has no samples"):
            baseline([], *args)
        with pytest.raises(ValueError, match=r"y_train has 3 class\(es\)"):
            baseline([0, 1, 2], *args)
        with pytest.raises(ValueError, match=r"y_train has shape .* expected one dimension"):
            baseline(np.ones((4, 2)), *args)
