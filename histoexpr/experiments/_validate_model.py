"""Scores of models like one that was trained on everything, on genes and cells left out."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..transfer import ReferenceClassifier, ReferenceRegressor, references_alone
from ._collect import collect
from ._data import StudyData
from ._plan import make_plan
from ._run import run_plan
from ._spec import StudySpec
from ._stores import MemoryStore, describe_run
from ._words import ALL_CELLS, LABEL, OTHERS, SAME_CELL

# What the references of a model are called that stand beside it without signals
REFERENCES_ALONE = "references alone"
# With more cells, to leave each of them out in turn takes many fits
_MOST_CELLS = 12


def validate_model(name, estimator, data, target, how, *, validate, n_jobs, verbose):
    """Return the results of the model on genes left out, or None, and what is to be said."""
    if target == LABEL and len(classes := np.unique(data.y)) != 2:
        return None, [f"Not scored: there are {len(classes)} classes, and scores are of two."]
    how, said = _divide(data, **how)
    if how is None:
        return None, said
    models = {name: estimator}
    if isinstance(estimator, ReferenceClassifier | ReferenceRegressor):
        models[REFERENCES_ALONE] = references_alone(estimator)
    several, many = len(data.cells) > 1, len(data.cells) > _MOST_CELLS
    if validate == "cells" and not several:
        raise ValueError(
            f"validate='cells' (--validate cells) needs two cells, and there is {data.cells[0]} "
            "only. Choose 'genes'."
        )
    experiments = [{"name": SAME_CELL, "regime": "own"}]
    if several:
        experiments = [{"name": ALL_CELLS, "regime": "inclusive"}]
    if several and (validate == "cells" or (validate == "auto" and not many)):
        experiments.append({"name": OTHERS, "regime": "exclusive"})
    elif several and validate == "auto":
        said.append(
            f"Scores are of other genes of the cells trained on: there are more than "
            f"{_MOST_CELLS} cells. validate='cells' (--validate cells) leaves each out, too."
        )
    try:
        spec = StudySpec(experiments, models, random_state=None, **how)
        study = StudyData(data, spec.division)
        plan, store = make_plan(spec, study), MemoryStore(study, spec.estimators())
        with warnings.catch_warnings():
            # what a fit says of itself was said by the one on all samples
            warnings.simplefilter("ignore", HistoexprWarning)
            run_plan(plan, store, n_jobs=n_jobs, verbose=verbose)
            return collect(plan, store, describe_run(spec, study)), said
    except ValueError as error:
        # the model itself could be fitted: some part of the data is too small to be scored
        return None, [f"Not scored, since the data are too small or too uneven: {error}"]


def _divide(data, genes, n_splits, random_state):
    """Return how genes are divided, as the study takes it, or None, and words on it."""
    if genes == "split" and data.split is None:
        raise ValueError(
            "genes='split' (--genes split) needs data with a predefined split, which these lack. "
            "Choose 'chromosome' or 'kfold'."
        )
    n_genes = len(data.genes)
    known = data.chrom is not None and not (data.chrom == "").any()
    n_chroms = len(np.unique(data.chrom)) if known else 0
    said = []
    if genes == "auto":
        genes = "chromosome" if n_chroms > 1 else "kfold"
        if n_chroms == 1:
            said = [
                f"All genes lie on {data.chrom[0]}: genes left out have neighbours that were "
                "trained on, which may raise the scores."
            ]
    n_splits = min(n_splits, n_chroms if genes == "chromosome" and n_chroms > 1 else n_genes)
    if n_splits < 2:
        return None, ["Not scored: there is one gene, and none to leave out."]
    text = {"chromosome": f"{n_splits} folds of whole chromosomes",
            "kfold": f"{n_splits} folds of random genes",
            "split": "the predefined split; the model itself is fitted on all genes"}  # fmt: skip
    said.insert(0, f"Held out: {text[genes]}.")
    how = {"genes": genes, "n_splits": n_splits, "folds_random_state": random_state}
    return how, said
