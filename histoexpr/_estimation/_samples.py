"""Checks of samples that networks are trained on and of what they give for them."""

import numpy as np

from ..model_selection import check_groups


def check_logits(outputs, X):
    """Raise ValueError if signals are so large that the network's numbers end."""
    wrong = np.flatnonzero(~np.isfinite(outputs).all(axis=1))
    if len(wrong):
        raise ValueError(
            f"{len(wrong)} sample(s) have signals too large for the network's numbers (float32, "
            f"up to 3.4e38), the first being sample {wrong[0]}, which reaches "
            f"{np.max(np.abs(X[wrong[0]].astype(float))):.3g}. Scale the signals down, as in fit."
        )


def group_by_gene(groups, n_samples):
    """Return one group per sample, the gene where it is known, or None for no groups.

    A single group, such as the one cell that is trained on, divides nothing.
    """
    if groups is None:
        return None
    parsed = check_groups(groups, n_samples)
    if parsed.gene is not None:
        return parsed.gene
    return parsed.cell if len(np.unique(parsed.cell)) > 1 else None
