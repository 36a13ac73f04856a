"""What each mark in each bin contributes to the prediction for a gene."""

import copy
import warnings
from numbers import Integral, Real

import numpy as np
import torch

from .._training import gradients
from ..exceptions import HistoexprWarning
from ..transfer import learn_cells, learns_cells
from ..utils import HasMethods, Interval, StrOptions, are_numbers, progress_bar, validate_params
from ._additive import additive_groups
from ._attribution_results import Attribution
from ._baselines import BASELINES, make_baseline, read_reference
from ._differentiable import log_odds, prediction
from ._model_output import CLIPPED, ModelOutput
from ._occlusion import occlude, patches, spread_by_change, spread_evenly
from ._path_gradients import path_gradients, signed_exp, signed_log
from ._samples import Samples
from ._signals import marks_for

# A sum of terms misses the difference by no more than rounding, as a share of absolute terms
_ROUNDING = 1e-3
_GRADIENTS = (
    "an estimator of this package, a Pipeline of its transformers and one, or a soft voting "
    "ensemble of such"
)


@validate_params(
    {
        "estimator": [HasMethods(["predict"]), HasMethods(["predict_proba"])],
        "method": [StrOptions({"auto", "exact", "integrated_gradients", "occlusion"})],
        "baseline": [StrOptions(set(BASELINES)), "array-like"],
        "width": [Interval(Integral, 1, None, closed="left")],
        "n_steps": [Interval(Integral, 1, None, closed="left")],
        "tolerance": [Interval(Real, 0, 1, closed="neither")],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=True,
)
def attribute(
    estimator,
    X,
    *,
    target=None,
    method="auto",
    baseline="mean",
    reference=None,
    width=5,
    n_steps=2048,
    tolerance=0.01,
    marks=None,
    window=None,
    bin_size=None,
    verbose=0,
):
    """Explain predictions gene by gene: what each mark in each bin contributes.

    Why is this gene called expressed, compared with the average gene? The difference of the two
    outputs is divided among all marks and bins. The output is the log-odds of a class, or what a
    regressor predicts, never a probability: probabilities level out, and parts of them do not add
    up. A contribution says what the model makes of a signal, not what the mark does in the cell.

    Parameters
    ----------
    estimator : classifier with ``predict_proba``, or regressor
        Fitted, on ``(n_samples, n_bins, n_marks)``.
    X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks)
        The genes to explain. Models that look up genes or cells need a data set.
    target : label, optional
        Class of a classifier; default the last of two.
    method : {"auto", "exact", "integrated_gradients", "occlusion"}, default="auto"
        ``"exact"`` is for linear models: terms of the sum that they are.
        ``"integrated_gradients"`` [1]_ is for networks, Pipelines of this package's transformers
        and one, and soft voting ensembles of such. ``"occlusion"`` [2]_ is for all. ``"auto"``
        takes the first of the three that the estimator allows.
    baseline : {"mean", "silent", "zero"} or array-like of shape (n_bins, n_marks), default="mean"
        What genes are compared with. ``"mean"`` is the average gene of ``reference``: the mean of
        log(1 + x) in every bin. ``"silent"`` is the average of its genes in the class 0 (or
        "silent", "off", ...) by label or, without labels, by the model; of regressors without
        labels, of the quarter with the lowest predictions. ``"zero"`` is no signal, which no gene
        has. Signals are on the scale of X, marks in its order.
    reference : HistoneDataset or array-like of shape (n_reference, n_bins, n_marks), optional
        What ``"mean"`` and ``"silent"`` are taken from, best of all the genes of the cell; default
        X if it has at least 20 samples.
    width : int, default=5
        Bins of one mark that ``"occlusion"`` replaces together. The patches tile the window.
    n_steps : int, default=2048
        Steps of ``"integrated_gradients"`` at the most. There are 32 at first, and four times as
        many until the gap is within ``tolerance``.
    tolerance : float, default=0.01
        Completeness gap of ``"integrated_gradients"``, as a share of the difference of outputs;
        1e-4 of the sum of absolute contributions is enough where that is more.
    marks : list of str, optional
        Names of the marks of an array, in its order; default those the estimator knows.
    window : tuple of two int, optional
        What the bins of an array cover, in bp relative to the TSS; default that of the estimator,
        or centred.
    bin_size : int, optional
        Width of a bin in bp; default that of the data set or the estimator, or 100.
    verbose : int, default=0
        1 shows a progress bar.

    Returns
    -------
    Attribution

    Raises
    ------
    ValueError
        If the method is not possible for the estimator, genes are too few for a baseline, or X,
        reference and estimator differ in marks, bins or direction.

    Warns
    -----
    HistoexprWarning
        If the gap of integrated gradients stays beyond ``tolerance`` at ``n_steps``.

    Notes
    -----
    With f the output, x the signals of a gene, b the baseline and φ the contributions, the
    completeness gap is Σφ - (f(x) - f(b)).

    - "exact": f is a sum of terms, each of the signals of one mark in one region (with ``mirror``,
      of two). A term contributes what f loses where its signals are replaced by the baseline; it
      is spread over its bins in proportion to the change of their signal, x - b. The gap is
      rounding.
    - "integrated_gradients": φ = (z(x) - z(b)) ∫₀¹ ∂f/∂z dt along the straight line in
      z = log(1 + x), by Gauss-Legendre quadrature. Of 60 real genes of E012 and the CNN, 32 steps
      leave a gap of .2 % of the difference in half, 128 of .2 % in nine of ten; the few whose
      outputs hardly differ need 512 or more. Of the linear network, 16 steps are exact along this
      line, 64 along one that is straight in x.
    - "occlusion": the mean of what f loses where a patch is replaced by the baseline, and of what
      it gains where the patch alone is put into the baseline; in equal parts over its bins. The
      parts sum to the whole where patches act in pairs at the most. Where more of them act
      together the gap is not zero. It is reported, not corrected. Of 60 genes of E012 and
      boosting, half have a gap below .6 at a difference of 2.5; without the second half of the
      mean it would be 1.0.

    A new cell is placed by models that learn cells (``learn_cells``) from the reference, in a
    copy of the estimator.

    References
    ----------
    .. [1] Sundararajan, Taly and Yan (2017), Axiomatic attribution for deep networks, ICML.
    .. [2] Zeiler and Fergus (2014), Visualizing and understanding convolutional networks, ECCV.
    .. [3] Adebayo et al. (2018), Sanity checks for saliency maps, NeurIPS: the tests of this
       package hold contributions against those of models with random weights and labels.

    Examples
    --------
    >>> from histoexpr import HistoneLinearClassifier, attribute, make_histone_cells
    >>> data = make_histone_cells(n_cells=1, n_genes=300, random_state=0)
    >>> model = HistoneLinearClassifier(n_regions=10).fit(data)
    >>> found = attribute(model, data[:3], reference=data)
    >>> found.values.shape, found.method, found.baseline_name
    ((3, 100, 5), 'exact', 'average of 300 genes')
    >>> bool(abs(found.gap).max() < 1e-3)
    True
    >>> found.table.columns.tolist()[-5:] == data.marks
    True
    """
    samples = Samples(X, [estimator], marks=marks, window=window, bin_size=bin_size)
    kept = read_reference(reference, samples, estimator, baseline)
    estimator = _in_its_cells(estimator, samples, kept)
    output = ModelOutput(estimator, target)
    start, name = make_baseline(baseline, samples, kept, output)
    _try_out(output, samples, start)
    at_start = output(samples.given(np.broadcast_to(start, samples.X.shape).copy(), estimator))
    at_samples = output(samples.given(samples.X, estimator))
    task = _Task(output, samples, start, at_samples, at_start, verbose)
    values = None
    if method in ("auto", "exact"):
        values, used = task.exact(), "exact"
        if values is None and method == "exact":
            raise ValueError(
                "method='exact' is for linear models of signals, of two classes or of a value, as "
                f"HistoneLinearClassifier is; this {type(estimator).__name__} is none. Take "
                "'integrated_gradients' or 'occlusion'."
            )
    if values is None and method != "occlusion":
        values, used = task.integrate(n_steps, tolerance), "integrated_gradients"
        if values is None and method != "auto":
            raise ValueError(
                f"method='integrated_gradients' needs gradients, which do not pass through this "
                f"{type(estimator).__name__}; they pass through {_GRADIENTS}. Take 'occlusion'."
            )
    if values is None:
        values, used = task.occlude(width), "occlusion"
        _warn_of_clipped(task)
    known = {column: getattr(samples, column) for column in ("gene", "symbol", "cell", "y")}
    if output.column is not None:
        known["classes"] = np.asarray(estimator.classes_).tolist()
    return Attribution(
        values, task.at_samples, task.at_start, samples.X, start, name, used, output.name,
        output.target, samples.marks, samples.window, samples.bin_size, samples.oriented,
        **known, blocks=samples.blocks(),
    )  # fmt: skip


def _warn_of_clipped(task):
    """Say which log-odds are only known to be beyond a limit: their parts are of the limit."""
    clipped = int((np.abs(task.at_samples) >= CLIPPED - 1e-9).sum())
    if task.output.column is not None and clipped:
        warnings.warn(
            f"{clipped} of {len(task.at_samples)} samples have a probability beyond one in a "
            f"million, such as shares of votes of 0 or 1: their log-odds are taken as ±"
            f"{CLIPPED:.1f}, and the contributions are of that limit. Take a model with "
            "log-odds (boosting, networks, logistic regression), or calibrate this one.",
            HistoexprWarning,
            stacklevel=4,
        )


def _in_its_cells(estimator, samples, reference):
    """Return an estimator that predicts genes of the cells one by one as together."""
    if samples.dataset is None or not learns_cells(estimator):
        return estimator
    estimator = copy.deepcopy(estimator)
    known = None if reference is None else reference.dataset
    if known is None:
        return learn_cells(estimator, samples.dataset)
    learn_cells(estimator, known)
    rest = np.flatnonzero(~np.isin(samples.cell, known.cells))
    return learn_cells(estimator, samples.dataset.take(rest)) if len(rest) else estimator


def _try_out(output, samples, start):
    """Let the output find out whether the decision function is the log-odds.

    It cannot where the model is sure: between a gene and the baseline it is not everywhere.
    """
    shares = np.linspace(0, 1, 65)[:, None, None]
    first, last = signed_log(start), signed_log(samples.X[0])
    signals = signed_exp(first + shares * (last - first))
    output(samples.take(np.zeros(len(shares), dtype=int)).given(signals, output.estimator))


class _Task:
    """What is explained, and the ways to do it; a way that is not possible returns None."""

    def __init__(self, output, samples, baseline, at_samples, at_start, verbose):
        self.output, self.samples, self.baseline = output, samples, baseline
        self.at_samples, self.at_start, self.verbose = at_samples, at_start, verbose

    def exact(self):
        numbers = np.arange(self.baseline.size).reshape(1, *self.baseline.shape)
        groups = additive_groups(self.output.estimator, self._arrange()(numbers)[0])
        if groups is None:
            return None
        losses = self._occlude(groups.labels)
        gaps = losses.sum(axis=1) - (self.at_samples - self.at_start)
        if (np.abs(gaps) > _ROUNDING * (1 + np.abs(losses).sum(axis=1))).any():
            return None  # a network with another function than its class has
        change = self.samples.X - self.baseline
        return spread_by_change(losses, change, groups.labels, signed=groups.sums)

    def occlude(self, width):
        labels = patches(self.baseline.shape, width)
        return spread_evenly(self._occlude(labels, inserted=True), labels)

    def _occlude(self, labels, **params):
        params["verbose"] = self.verbose
        return occlude(self.output, self.samples, self.baseline, labels, **params)

    def integrate(self, n_steps, tolerance):
        with gradients():
            function = self._differentiable()
            if function is None:
                return None
            self.at_samples = _evaluate(function, self.samples.X)
            self.at_start = np.repeat(_evaluate(function, self.baseline[None]), len(self.samples))
            values, complete = np.empty(self.samples.X.shape), []
            show = {"desc": "gradients", "unit": "gene", "show": self.verbose}
            for row, signal in enumerate(progress_bar(self.samples.X, **show)):
                difference = self.at_samples[row] - self.at_start[row]
                params = {"n_steps": n_steps, "tolerance": tolerance}
                values[row], done = path_gradients(
                    function, signal, self.baseline, difference, **params
                )
                complete.append(done)
        if missed := complete.count(False):
            warnings.warn(
                f"Of {missed} of {len(complete)} samples the contributions miss the difference of "
                f"the outputs by more than {tolerance:.2g} of it at n_steps={n_steps}; see gap. "
                "Raise n_steps, or take method='occlusion'.",
                HistoexprWarning,
                stacklevel=4,
            )
        return values

    def _differentiable(self):
        """Return the output as a function of tensors, None where gradients do not pass."""
        output = self.output
        if output.column is None:
            inner = prediction(output.estimator)
        else:
            inner = log_odds(output.estimator, output.target)
        if inner is None:
            return None
        arrange = self._arrange()

        def function(signals):
            return inner(arrange(signals))

        # a network may have been fitted to other axes than signals have
        for X, expected in ((self.samples.X[:8], self.at_samples), (self.baseline[None], None)):
            expected = self.at_start[:1] if expected is None else expected[:8]
            found = _evaluate(function, X)
            if output.column is not None:
                found, expected = (np.clip(v, -CLIPPED, CLIPPED) for v in (found, expected))
            if not np.allclose(found, expected, rtol=1e-2, atol=1e-2):
                return None
        return function

    def _arrange(self):
        samples = self.samples
        names = samples.marks if samples.dataset is None else samples.dataset.marks
        names = None if are_numbers(names) else names
        return marks_for(self.output.estimator, names, samples.name)


def _evaluate(function, X):
    """Return a function of tensors of signals, one at a time: results do not depend on others."""
    with torch.no_grad():
        found = [function(torch.as_tensor(x[None], dtype=torch.float32)) for x in X]
    return torch.cat(found).numpy().astype(np.float64)
