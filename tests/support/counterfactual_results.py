"""Counterfactuals of two genes by hand."""

import numpy as np
import pandas as pd

from histoexpr.inspection import Counterfactuals


def two_counterfactuals(**changed):
    """Return those of four bins and two marks; in the first, mark a doubles at the end."""
    before = np.ones((2, 4, 2))
    after = before.copy()
    after[0, 2:, 0] = 3.0  # 1 + signal: 2 to 4
    after[1, 0, 1] = 0.0
    table = pd.DataFrame(
        {
            "sample": [0, 1], "gene": ["g1", "g2"], "symbol": ["A", "A"], "generator": 0,
            "target": [1, 0], "valid": [True, False], "applied_valid": True,
            "probability": [0.1, 0.2], "probability_reconstruction": [0.11, 0.21],
            "probability_counterfactual": [0.8, 0.6], "probability_applied": 0.9, "gap": 0.25,
            "change": [0.5, 0.25], "nearest": 3, "nearest_gene": "g4", "nearest_symbol": "D",
            "probability_nearest": 0.77, "distance_nearest": 1.5,
        }
    )  # fmt: skip
    fields = {
        "table": table, "signals": after, "reconstructions": before, "applied": after,
        "originals": before + 1, "nearest": np.full((2, 4, 2), 5.0), "realism": pd.DataFrame(),
        "probability": 0.75, "sampled": False, "n_regions": 2, "unit": np.ones(2),
        "scale": np.ones(2), "marks": ["a", "b"], "window": (-200, 200), "bin_size": 100,
        "oriented": True,
    }  # fmt: skip
    return Counterfactuals(**fields | changed)
