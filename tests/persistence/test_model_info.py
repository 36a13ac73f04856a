import json

import numpy as np
import pandas as pd

from histoexpr import read_model_info, save_model
from histoexpr.datasets import hash_dataset


def test_what_a_model_was_trained_on_is_said(saved, genes):
    info = read_model_info(saved["boosting"])
    assert info["kind"] == "classifier"
    assert info["target"] == "labels"
    assert info["classes"] == [0, 1]
    assert info["signals"] == {
        "marks": list(genes.marks), "n_bins": 100, "n_marks": 5, "bin_size": genes.bin_size,
        "window": list(genes.window), "oriented": genes.oriented,
    }  # fmt: skip
    training = info["training"]
    assert training["cells"] == ["C01", "C02"]
    assert (training["n_samples"], training["n_genes"]) == (240, 120)
    assert training["data_sha256"] == hash_dataset(genes)
    np.testing.assert_allclose(
        training["depth"]["C02"]["H3K4me3"], genes.select(cells="C02").X[:, :, 3].mean()
    )
    assert info["estimator"]["class"] == "sklearn.pipeline.Pipeline"
    assert info["estimator"]["params"]["binpooler__n_regions"] == 4
    assert set(info["versions"]) >= {"python", "numpy", "scikit-learn", "torch"}
    assert "probe" not in info
    json.dumps(info)


def test_rules_of_counting_and_scores_are_kept(models, genes, tmp_path):
    rules = {"H3K4me3": {"rule": "overlap", "value": "reads"}}
    data = genes.replace(meta={"source": "tracks", "counting": rules, "build": "hg19"})
    scores = pd.DataFrame({"score": ["AUROC"], "value": [0.9], "n": [50]})
    about = {"licence": "CC-BY-4.0", "title": "Mine"}
    path = save_model(models["linear"], tmp_path / "m", data=data, scores=scores, info=about)
    info = read_model_info(path)
    assert info["training"]["counting"] == rules
    assert info["training"]["build"] == "hg19"
    assert info["scores"] == [{"score": "AUROC", "value": 0.9, "n": 50}]
    assert (info["licence"], info["title"], info["authors"]) == ("CC-BY-4.0", "Mine", None)
    assert "Not for" in info["intended_use"]


def test_without_data_the_estimator_says_what_it_knows(models, tmp_path):
    info = read_model_info(save_model(models["cnn"], tmp_path / "m"))
    assert info["signals"]["marks"][3] == "H3K4me3"
    assert info["training"]["cells"] is None
    assert info["estimator"]["class"] == "histoexpr.HistoneCNNClassifier"
