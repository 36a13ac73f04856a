from histoexpr import model_card, save_model


def test_the_card_says_what_the_file_says(models, genes, tmp_path):
    scores = [{"score": "AUROC", "value": 0.912345, "n": 240, "note": "a|b <c>"}]
    about = {"title": "Ten cells", "licence": "MIT", "description": "For *tests*."}
    path = save_model(models["linear"], tmp_path / "m", data=genes, scores=scores, info=about)
    card = model_card(path)
    lines = card.splitlines()
    assert lines[0] == "# Ten cells"
    assert "- **Licence:** MIT" in lines
    assert "- **Cell types:** C01, C02" in lines
    assert "| AUROC | 0.9123 | 240 | a\\|b &lt;c> |" in lines
    assert "| C01 | " in card
    assert "`n_regions` | `4`" in card
    assert card.endswith("\n")


def test_what_is_not_known_is_said(models, tmp_path):
    card = model_card(save_model(models["cnn"], tmp_path / "m"))
    assert card.startswith("# HistoneCNNClassifier")
    assert "- **Licence:** not stated" in card
    assert "Scores on held-out genes\n\nnot stated" in card
