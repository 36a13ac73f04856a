"""Evaluations in memory and studies in a folder: one engine, two stores."""

import os
from numbers import Integral
from pathlib import Path

import numpy as np
from sklearn.utils import check_random_state

from ..datasets import HistoneDataset, hash_dataset, load_data
from ..utils import Interval, StrOptions, validate_params
from ._collect import collect, write_study
from ._data import StudyData
from ._plan import make_plan
from ._run import run_plan
from ._spec import StudySpec
from ._stores import FolderStore, MemoryStore, describe_run
from ._words import EVALUATION, GENE_DIVISIONS, NORMALIZATIONS


@validate_params(
    {
        "models": [dict],
        "dataset": [HistoneDataset],
        "genes": [StrOptions(set(GENE_DIVISIONS))],
        "n_splits": [Interval(Integral, 2, None, closed="left")],
        "train_splits": ["array-like", str],
        "random_state": ["random_state"],
        "exclusive": ["boolean"],
        "normalize": [StrOptions(set(NORMALIZATIONS)), None],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=False,
)
def evaluate_cells(
    models,
    dataset,
    *,
    genes="auto",
    n_splits=5,
    train_splits=("train",),
    random_state=0,
    exclusive=True,
    normalize=None,
    n_jobs=None,
    verbose=0,
):
    """Score models within and across cell types, on genes unseen in training.

    Every model is trained on each cell alone and, with ``exclusive``, on all cells but one;
    each fit is scored on the held-out genes of all the cells it serves. Classifiers are
    trained on the labels, regressors on log2(expression + 1); both are scored against both,
    where known. Beside the models stand two baselines: the majority class of the training
    genes, and the same-gene consensus, which gives a gene the mean label that *the same gene*
    has in the other cells. The consensus uses no signal, and most genes are expressed in all
    cells or in none: a cross-cell score says something about signals only beside it. Where
    expression is known, the same-gene rank stands beside it, the mean expression rank of the gene
    in the other cells (see :func:`histoexpr.metrics.rank_baseline`). Beside regressors stand the
    same of log2 expression: "mean of training genes", "same-gene mean".

    :attr:`CrossCellResults.between_cells` has what models say of the differences between cells,
    where no baseline of the gene alone knows anything.

    Parameters
    ----------
    models : dict of str -> classifier or regressor
        Estimators by name; they are cloned.
    dataset : HistoneDataset
        With binary labels for classifiers, and the expression of all samples for regressors.
    genes : {"auto", "split", "kfold", "chromosome"}, default="auto"
        What the genes are divided by, see :class:`~histoexpr.CrossCellSplit`. ``"auto"``
        is "chromosome" where all chromosomes are known (``n_splits`` folds, or as many as there
        are chromosomes), unless one of them has more than two thirds of the genes; else "split"
        where the data set has training and test genes; else "kfold". What was done stands in the
        manifest of the results as ``held_out``, and below printed tables.
    n_splits : int, default=5
        Number of gene folds, unless ``genes`` is "split".
    train_splits : sequence of str, default=("train",)
        Predefined splits to train on with ``genes="split"``, which "auto" takes where others
        than the default are named.
    random_state : int, RandomState instance or None, default=0
        Random state of the gene folds; that of a model is its own.
    exclusive : bool, default=True
        Whether to train on all cells but one, too.
    normalize : {"predictions", "quantile", "depth", "power"}, default=None
        How cells are made comparable, without their labels. "predictions": those of a cell that
        was not trained on are given the distribution of those for the training samples, and
        probabilities their mean. The others are methods of
        :class:`~histoexpr.CellNormalizer`: signals of training cells are normalised by those of
        training genes, signals of other cells by those of all their genes.
    n_jobs : int, optional
        Number of fits at a time, as in joblib; each on one thread.
    verbose : int, default=0
        1 shows a progress bar over fits.

    Returns
    -------
    CrossCellResults
        With the experiments "same cell", "one other cell" and "other cells", and
        "baseline".

    Raises
    ------
    ValueError
        If the labels are not binary, the data set lacks what a model is trained on, the genes
        cannot be divided as asked, or a fit fails.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, evaluate_cells, make_histone_cells
    >>> data = make_histone_cells(n_cells=3, n_genes=300, random_state=0)
    >>> results = evaluate_cells({"linear": HistoneLinearClassifier()}, data, n_splits=2)
    >>> results.experiments
    ['same cell', 'one other cell', 'other cells']
    """
    if not isinstance(random_state, Integral):
        random_state = check_random_state(random_state).randint(np.iinfo(np.int32).max)
    n_cells = len(dataset.cells)
    # of two cells, all but one is one, which the pairs hold already
    wanted = {"own": True, "each": n_cells > 1, "exclusive": exclusive and n_cells > 2}
    spec = StudySpec(
        [{"name": EVALUATION[regime], "regime": regime} for regime in wanted if wanted[regime]],
        models,
        genes=genes,
        n_splits=n_splits,
        folds_random_state=int(random_state),
        train_splits=train_splits,
        random_state=None,
        normalize=normalize,
    )
    data = StudyData(dataset, spec.division)
    plan = make_plan(spec, data).without_repeats()
    store = MemoryStore(data, spec.estimators())
    run_plan(plan, store, n_jobs=n_jobs, verbose=verbose)
    return collect(plan, store, describe_run(spec, data))


def cross_cell_matrix(estimator, dataset, **params):
    """Train on every cell and score on every cell: one fit per training cell and gene fold.

    Parameters
    ----------
    estimator : classifier or regressor
        Cloned for every fit.
    dataset : HistoneDataset
        With binary labels, or for a regressor with expression.
    **params
        As for :func:`evaluate_cells`: genes (by whole chromosomes where they are known),
        n_splits, train_splits, random_state, normalize, n_jobs, verbose.

    Returns
    -------
    CrossCellMatrix
        ``score("roc_auc")`` is the matrix, ``consensus("roc_auc")`` the same-gene baseline;
        their default is AUROC for a classifier, Pearson's correlation for a regressor.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, cross_cell_matrix
    >>> from histoexpr.datasets import make_histone_cells
    >>> data = make_histone_cells(n_cells=3, n_genes=300, random_state=0)
    >>> matrix = cross_cell_matrix(HistoneLinearClassifier(), data, genes="split")
    >>> matrix.score("roc_auc").shape
    (3, 3)
    """
    name = type(estimator).__name__
    return evaluate_cells({name: estimator}, dataset, exclusive=False, **params).matrix(name)


def run_study(spec, data, out, *, n_jobs=None, verbose=0, allow_imports=False):
    """Run a study in a folder, or go on with one that was interrupted.

    Every finished fit is kept as small files in ``out``; a study that is started again, even
    after its processes were killed, does only the fits that are missing, and its tables come
    out the same to the byte. Fits run through joblib, each on one thread; with
    ``joblib.parallel_config("dask")`` they run on the workers of a Dask cluster that see
    the same files. Workers map X from the saved data set into memory: nothing large is
    sent to them.

    Parameters
    ----------
    spec : StudySpec, dict, str or path-like
        The study, its parameters, or the JSON file that holds them.
    data : str, path-like or HistoneDataset
        Labels must be of two classes; regressors need expression. A data set saved with
        :meth:`HistoneDataset.save` is used where it stands. A folder or archive in the
        DeepChrome layout, or a data set in memory, is saved as ``data`` in ``out`` first.
    out : str or path-like
        Folder for the results; made if needed.
    n_jobs : int, optional
        Number of fits at a time, as in joblib.
    verbose : int, default=0
        1 shows a progress bar over fits.
    allow_imports : bool, default=False
        Whether models of a dict or file may be named as ``"package.module:name"``, which runs
        code. Say so only of a study that you trust.

    Returns
    -------
    CrossCellResults
        ``out`` holds its table as ``results.csv`` and ``results.json``, its statistics as
        ``summary.json`` and ``summary.tsv``, ``between-cells.tsv``, ``times.csv``,
        ``manifest.json``, and what each fit predicts, with cells and genes, in
        ``predictions``.

    Raises
    ------
    ValueError
        If the study cannot be done on the data, a fit fails, another process runs a study
        in ``out``, or ``out`` holds the results of another study, other data or other
        versions.
    DataFormatError
        If the study, the data set or a result cannot be read.
    ChildProcessError
        If workers are killed again and again.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from histoexpr.datasets import make_histone_cells
    >>> from histoexpr.experiments import run_study
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name)
    >>> make_histone_cells(n_cells=3, n_genes=300, random_state=0).save(path / "data")
    >>> spec = {
    ...     "models": {"linear": "linear"},
    ...     "genes": "split",
    ...     "experiments": [
    ...         {"name": "own cell", "regime": "own"},
    ...         {"name": "other cells", "regime": "exclusive"},
    ...     ],
    ... }
    >>> study = run_study(spec, path / "data", path / "out")
    >>> study.by_cell("other cells").shape  # test cells
    (3,)
    >>> folder.cleanup()
    """
    spec, out = _read_spec(spec, allow_imports), Path(out).resolve()
    dataset, path = _open(data)
    if out == path or (out.exists() and not out.is_dir()):
        what = "the data set" if out == path else "a file"
        raise ValueError(f"out={str(out)!r} is {what}. Choose a folder for the results.")
    if path is None:
        make_plan(spec, StudyData(dataset, spec.division))  # fails before anything is written
        path = _save_beside(dataset, out)
    store = FolderStore(out, path, spec)
    plan = make_plan(spec, store.data)
    with store.alone():
        run_plan(plan, store, n_jobs=n_jobs, verbose=verbose)
        (out / "summary.json").unlink(missing_ok=True)  # statistics are computed anew
        results = collect(plan, store, store.manifest, out)
        write_study(results)
    return results


def _read_spec(spec, allow_imports):
    if isinstance(spec, StudySpec):
        return spec
    if not isinstance(spec, dict | str | os.PathLike):
        raise TypeError(f"spec must be a StudySpec, a dict or a path, got {type(spec).__name__}.")
    read = StudySpec.from_dict if isinstance(spec, dict) else StudySpec.load
    return read(spec, allow_imports=allow_imports)


def _open(data):
    """Return a data set and the folder where it is saved, None if it is not."""
    if isinstance(data, HistoneDataset):
        return data, None
    path = Path(data).resolve()
    return load_data(path), path if (path / "dataset.json").is_file() else None


def _save_beside(dataset, out):
    """Save a data set in the folder of a study, or check that it is the one there."""
    target = out / "data"
    if target.exists() and not (target / "dataset.json").is_file():
        raise ValueError(
            f"{target}, where the study keeps its copy of the data, is something else. Choose "
            "another folder."
        )
    if not target.exists():
        dataset.save(target)
    elif hash_dataset(HistoneDataset.load(target)) != hash_dataset(dataset):
        raise ValueError(
            f"{out} holds the results of another study, which are not mixed with this one: "
            "the data set has changed. Choose another folder."
        )
    return target
