"""The scores of a study that its figures draw."""

import pandas as pd


def scores_of(study, group, metric="roc_auc"):
    """Return a score of a group by test cell (rows) and model that has it (columns)."""
    scores = {name: study.by_group(group, name, metric) for name in study.models}
    return pd.DataFrame({n: values for n, values in scores.items() if values.notna().any()})


def plain_scores(study, metric="roc_auc"):
    """Return the groups that are no point of a size curve, each with its :func:`scores_of`."""
    found = [(group, scores_of(study, group, metric)) for group in study.plain_groups]
    return [(group, scores) for group, scores in found if len(scores)]
