"""What is made of the table of importance."""

import numpy as np
import pandas as pd

from histoexpr.inspection import MarkImportance


def make_importance(**changes):
    places = [("b", 0), ("b", -500), ("a", 0), ("a", -500)]
    rows = [
        (mark, first, first + 500, i, i - 0.1, i + 0.1, 0.01, 0.9 - i)
        for i, (mark, first) in enumerate(places)
    ]
    names = ["mark", "first", "last", "importance", "low", "high", "sd", "score"]
    parts = {"table": pd.DataFrame(rows, columns=names), "score": 0.9, "score_low": 0.88}
    parts |= {"score_high": 0.92, "scoring": "roc_auc", "label": "AUROC", "is_loss": False}
    parts |= {"method": "permute", "n_samples": 1200, "n_repeats": 5, "confidence": 0.9}
    return MarkImportance(**parts | {"unit": "gene", "n_blocks": 100} | changes)


def test_matrix_keeps_the_order_of_marks_and_regions():
    found = make_importance()
    assert found.regions == [(0, 500), (-500, 0)]
    assert found.matrix.index.tolist() == ["b", "a"]
    np.testing.assert_array_equal(found.matrix, [[0, 1], [2, 3]])


def test_text_says_what_was_done(tmp_path):
    text = repr(make_importance())
    assert text.startswith("Loss of AUROC if the signals of a mark are those of other genes;")
    assert "intact 0.900 (0.880 to 0.920), 1,200 samples" in text
    assert "90% intervals over 100 genes" in text
    removed = make_importance(method="remove", is_loss=True, label="log loss")
    assert "Rise of log loss if the signals of a mark are 0 (outside the data);" in repr(removed)
    assert "of other genes of the stratum;" in repr(make_importance(conditional=True))
    make_importance().to_csv(tmp_path / "found.csv")
    assert len(pd.read_csv(tmp_path / "found.csv")) == 4
