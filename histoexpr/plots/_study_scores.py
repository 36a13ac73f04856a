"""Scores of a study by cell and model, as its figures show them."""

import pandas as pd


def scores_of(study, group):
    """Return the AUROC of a group by test cell (rows) and model with results (columns)."""
    scores = {name: study.by_group(group, name) for name in study.models}
    return pd.DataFrame({name: values for name, values in scores.items() if len(values)})


def plain_scores(study):
    """Return the groups that are no point of a size curve, each with its :func:`scores_of`."""
    found = [(group, scores_of(study, group)) for group in study.plain_groups]
    return [(group, scores) for group, scores in found if len(scores)]
