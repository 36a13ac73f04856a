"""A generator of histone signals as a scikit-learn transformer."""

import copy
from numbers import Integral, Real

import numpy as np
import torch
from sklearn.base import _fit_context
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, column_or_1d

from .._training import SignalDataset, draw_seed, isolated_torch_rng, resolve_device
from ..nn import HistoneCritic, HistoneEncoder, HistoneGenerator
from ..utils import check_signals, is_signals_frame, progress_bar, signal_moments
from ._conditions import Conditions
from ._fidelity import mark_correlation_error, profile_correlation, sliced_wasserstein
from ._latent import LatentSpace
from ._wgan import AdversarialTraining, GanPlan, SignalSource, are_counts, train_encoder

# Samples compared at every evaluation during training
_N_COMPARED = 1000


class SignalGenerator(LatentSpace):
    """Learn to generate histone signals, and a latent space of them.

    A Wasserstein GAN with gradient penalty [1]_: a convolutional generator makes the signals
    of all marks from random codes and, if ``y`` is given, from the class; a critic tells
    them from real ones. The moving average of the generator's weights is kept, from the
    evaluation at which its signals were most like the real ones. An encoder, trained after
    the GAN, gives real signals their codes.

    Takes raw counts or other signals that are not negative, of any shape.

    Parameters
    ----------
    latent_dim : int, default=32
        Length of the latent code without the classes.
    width : int, default=32
        Number of channels of the networks.
    n_steps : int, default=1500
        Optimisation steps of the generator, at the most.
    n_critic : int, default=2
        Optimisation steps of the critic for each of the generator.
    batch_size : int, default=64
        Number of samples per step.
    lr : float, default=5e-4
        Learning rate of generator and critic.
    gradient_penalty : float, default=10.0
        Weight of the penalty on the critic's gradient; computed at every fourth step of the
        critic with four times the weight.
    ema_decay : float, default=0.995
        Decay of the moving average of the generator's weights.
    encoder_steps : int, default=500
        Optimisation steps of the encoder.
    conditional : bool, default=True
        Whether to learn the signals of each class; with False ``y`` is ignored.
    random_flip : {"auto"} or bool, default="auto"
        Whether to reverse the bins of each training sample half of the time it is shown.
        Right where bins run along the genome whatever the strand of the gene. ``"auto"``
        does so for signals of several marks.
    eval_every : int, default=250
        Steps of the generator between two evaluations, which make a row of ``history_``.
    n_iter_no_change : int or None, default=4
        Number of evaluations without improvement after which training stops.
    device : str, default="auto"
        Where to compute: ``"cpu"``, ``"cuda"``, or ``"auto"`` for CUDA where there is one.
    warm_start : bool, default=False
        Whether ``fit`` goes on from the last solution.
    random_state : int, RandomState instance or None, default=None
        Seed of initial weights, batches and noise.
    verbose : int, default=0
        1 shows a progress bar.

    Attributes
    ----------
    generator_, encoder_, critic_ : torch.nn.Module
        The networks.
    history_ : list of dict
        One per evaluation: step; critic_gap, the mean score of real less that of generated
        signals; gradient_norm of the critic; sliced_wasserstein, profile_correlation (mean
        over marks) and mark_correlation_error between generated and training signals, and
        fidelity_error, the sum of the three errors, by which the best is kept; seconds.
    best_step_ : int
        The step whose generator was kept.
    n_iter_ : int
        Number of steps of the generator.
    classes_ : ndarray of shape (n_classes,)
        The classes; only if ``y`` was used.
    cells_ : ndarray of shape (n_cells,)
        The cell types; only if ``cell`` was passed.
    device_ : str
        The device used.
    n_bins_in_, n_marks_in_ : int
        Shape of the signals seen in ``fit``.
    n_features_in_ : int
        Number of bins, or of columns of a DataFrame.
    feature_names_in_, mark_names_in_ : ndarray of str
        Only if X was a DataFrame (with ``mark:bin`` columns).

    See Also
    --------
    generation_report : Whether the generated signals can be trusted.

    References
    ----------
    .. [1] Gulrajani et al. (2017), Improved training of Wasserstein GANs, NeurIPS.

    Examples
    --------
    >>> from histoexpr import SignalGenerator, make_histone_cells
    >>> X, y = make_histone_cells(n_cells=1, n_genes=200, random_state=0).return_X_y()
    >>> generator = SignalGenerator(n_steps=5, width=8, random_state=0).fit(X, y)
    >>> generator.sample(3, y=1, counts="round", random_state=0).shape
    (3, 100, 5)
    >>> generator.transform(X[:2]).shape  # 32 latent variables and 2 classes
    (2, 34)
    """

    _parameter_constraints: dict = {
        "latent_dim": [Interval(Integral, 1, None, closed="left")],
        "width": [Interval(Integral, 1, None, closed="left")],
        "n_steps": [Interval(Integral, 1, None, closed="left")],
        "n_critic": [Interval(Integral, 1, None, closed="left")],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "lr": [Interval(Real, 0, None, closed="neither")],
        "gradient_penalty": [Interval(Real, 0, None, closed="left")],
        "ema_decay": [Interval(Real, 0, 1, closed="left")],
        "encoder_steps": [Interval(Integral, 1, None, closed="left")],
        "conditional": ["boolean"],
        "random_flip": [StrOptions({"auto"}), "boolean"],
        "eval_every": [Interval(Integral, 1, None, closed="left")],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left"), None],
        "device": [str],
        "warm_start": ["boolean"],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        *,
        latent_dim=32,
        width=32,
        n_steps=1500,
        n_critic=2,
        batch_size=64,
        lr=5e-4,
        gradient_penalty=10.0,
        ema_decay=0.995,
        encoder_steps=500,
        conditional=True,
        random_flip="auto",
        eval_every=250,
        n_iter_no_change=4,
        device="auto",
        warm_start=False,
        random_state=None,
        verbose=0,
    ):
        self.latent_dim = latent_dim
        self.width = width
        self.n_steps = n_steps
        self.n_critic = n_critic
        self.batch_size = batch_size
        self.lr = lr
        self.gradient_penalty = gradient_penalty
        self.ema_decay = ema_decay
        self.encoder_steps = encoder_steps
        self.conditional = conditional
        self.random_flip = random_flip
        self.eval_every = eval_every
        self.n_iter_no_change = n_iter_no_change
        self.device = device
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, *, cell=None):
        """Train the generator, then the encoder.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_bins, n_marks) or (n_samples, n_features)
            Signals, not negative; a DataFrame may have columns ``mark:bin``.
        y : array-like of shape (n_samples,), optional
            Classes to make signals of.
        cell : array-like of shape (n_samples,), optional
            Cell types, to make signals of each.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X is malformed or has negative values, or y holds no classes.
        """
        fitted = hasattr(self, "generator_")
        self._train(X, y, cell, self.n_steps, self.encoder_steps, self.warm_start and fitted)
        return self

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None, *, cell=None):
        """Train for ``eval_every`` more steps on some samples.

        Scale, classes and cell types are learned from the first call and kept.

        Parameters
        ----------
        X, y, cell
            See :meth:`fit`.

        Returns
        -------
        self : object
        """
        steps = self.eval_every, min(self.eval_every, self.encoder_steps)
        self._train(X, y, cell, *steps, hasattr(self, "generator_"))
        return self

    def _train(self, X, y, cell, n_steps, encoder_steps, go_on):
        X, labels = self._check_training_data(X, y, cell, reset=not go_on)
        rng = check_random_state(self.random_state)
        if not go_on:
            self.device_ = resolve_device(self.device)
            self._learn_data(X, labels)
            self.history_ = []
        numbers = self._conditions.numbers(labels, len(X))
        flip = self.n_marks_in_ > 1 if self.random_flip == "auto" else self.random_flip
        dataset = SignalDataset(X, numbers, flip_rng=rng if flip else None)
        with isolated_torch_rng(draw_seed(rng), self.device_):
            if not go_on:
                self._build(X)
            self._check_networks()
            plan = self._plan()
            combinations = torch.as_tensor(self._conditions.combinations, device=self.device_)
            average, critic, scale = self.generator_, self.critic_, self.generator_.input
            source = SignalSource(dataset, combinations, scale, self._whole, plan, rng)
            training = AdversarialTraining(copy.deepcopy(average), average, critic, source, plan)
            self._run(training, X, numbers, n_steps, rng)
            train_encoder(self.encoder_, self.generator_, source, plan, encoder_steps)
        for module in (self.generator_, self.encoder_, self.critic_):
            module.zero_grad(set_to_none=True)
            module.eval()

    def _run(self, training, X, numbers, n_steps, rng):
        """Train, evaluate now and then, and keep the best generator."""
        rows = rng.permutation(len(X))[:_N_COMPARED]
        real = np.asarray(X[rows], dtype=np.float32)
        conditions = self._conditions.combinations[numbers[rows]]
        codes = self._random_codes(conditions, rng)
        start = self.history_[-1]["step"] if self.history_ else 0
        best, best_state, stale, done = np.inf, None, 0, 0
        shown = {"desc": type(self).__name__, "unit": "step", "show": self.verbose}
        with progress_bar(total=n_steps, **shown) as bar:
            while done < n_steps:
                size = min(self.eval_every, n_steps - done)
                done += size
                row = {"step": start + done} | training.run(size) | self._compare(codes, real)
                self._refuse_divergence(row)
                self.history_.append(row)
                bar.update(size)
                bar.set_postfix_str(f"fidelity error {row['fidelity_error']:.3f}")
                stale += 1
                if row["fidelity_error"] < best:
                    best, stale, self.best_step_ = row["fidelity_error"], 0, row["step"]
                    best_state = copy.deepcopy(self.generator_.state_dict())
                if self.n_iter_no_change is not None and stale >= self.n_iter_no_change:
                    break
        self.generator_.load_state_dict(best_state)
        self.n_iter_ = start + done

    def _compare(self, codes, real):
        made = self._generate(codes)
        if self._whole:
            made = np.rint(made)
        correlations = profile_correlation(made, real)
        known = correlations[~np.isnan(correlations)]
        row = {
            "sliced_wasserstein": sliced_wasserstein(made, real),
            "profile_correlation": float(known.mean()) if len(known) else np.nan,
            "mark_correlation_error": mark_correlation_error(made, real),
        }
        # The distance alone would take marks that do not belong together for good.
        distance, correlation, marks = row.values()
        return row | {"fidelity_error": float(np.nansum([distance, 1 - correlation, marks]))}

    @staticmethod
    def _refuse_divergence(row):
        if not np.isfinite([row["critic_gap"], row["fidelity_error"]]).all():
            raise FloatingPointError(
                f"Training diverged before step {row['step']}: the critic's gap is "
                f"{row['critic_gap']}. Lower lr or raise gradient_penalty."
            )

    def _check_training_data(self, X, y, cell, *, reset):
        shape = X.shape if hasattr(X, "shape") else np.asarray(X).shape
        flat = len(shape) == 2 and not is_signals_frame(X)
        X = check_signals(self, X, reset=reset, ensure_non_negative=True)
        if reset:
            self._flat_in = flat
        labels = {}
        if y is not None and self.conditional:
            labels["y"] = column_or_1d(y, warn=True)
            check_classification_targets(labels["y"])
        if cell is not None:
            labels["cell"] = column_or_1d(cell)
        check_consistent_length(X, *labels.values())
        return X, labels

    def _learn_data(self, X, labels):
        self._conditions = Conditions(labels, len(X))
        for name, attribute in (("y", "classes_"), ("cell", "cells_")):
            if name in labels:
                setattr(self, attribute, self._conditions.values[name])
            elif hasattr(self, attribute):
                delattr(self, attribute)
        self._whole = are_counts(X)

    def _build(self, X):
        shape, sizes = X.shape[1:], self._conditions.sizes
        shared = {"latent_dim": self.latent_dim, "width": self.width}
        generator = HistoneGenerator(*shape, n_conditions=sum(sizes), **shared)
        encoder = HistoneEncoder(*shape, sizes=sizes, **shared)
        critic = HistoneCritic(*shape, n_conditions=sum(sizes), width=self.width)
        center, scale = signal_moments(X, log1p=True)
        for module in (generator, encoder):
            module.input.center.copy_(torch.as_tensor(center))
            module.input.scale.copy_(torch.as_tensor(scale))
        networks = [module.to(self.device_) for module in (generator, encoder, critic)]
        self.generator_, self.encoder_, self.critic_ = networks
        self._built_for = shared

    def _check_networks(self):
        expected = {"latent_dim": self.latent_dim, "width": self.width}
        if self._built_for != expected:
            raise ValueError(
                f"Training was to go on, but the networks were built for {self._built_for}, not "
                f"{expected}. Use warm_start=False."
            )

    def _plan(self):
        names = "lr", "n_critic", "gradient_penalty", "batch_size", "ema_decay", "device_"
        return GanPlan(**{name.rstrip("_"): getattr(self, name) for name in names})
