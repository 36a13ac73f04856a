"""A generator of histone signals as a scikit-learn transformer."""

import copy
from dataclasses import fields
from numbers import Integral, Real

import torch
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_consistent_length

from .._training import (
    SignalDataset,
    draw_seed,
    gradients,
    held_out_split,
    isolated_torch_rng,
    last_fit_kept,
    resolve_device,
    runs_along_genome,
    store_parameters,
)
from ..utils import (
    Interval,
    StrOptions,
    check_signals,
    fit_context,
    read_signals,
)
from ._adversarial import GanPlan, SignalSource
from ._conditions import Conditions, check_classes, collect_labels
from ._encoder import train_encoder
from ._latent import LatentSpace
from ._monitor import FidelityMonitor, train_generator
from ._networks import build_networks, check_networks
from ._saved_state import restore, state_of
from ._scale import are_counts


class SignalGenerator(LatentSpace):
    """Learn to generate histone signals, and a latent space of them.

    A relativistic GAN with penalties of the critic's gradient [1]_: a convolutional generator
    makes the signals that are expected of all marks from random codes and, if ``y`` is given,
    from the class; counts are drawn around these; a critic that sees bins and sums over regions
    distinguishes them from real ones. The moving average of the generator's weights is kept,
    from the evaluation at which its signals were most like the real ones. An encoder, trained
    after the GAN, gives real signals their codes.

    Takes raw counts or other signals that are not negative, of any shape and in any unit of
    measure. If all are whole numbers, so are all samples: the critic compares counts with counts.
    In coverage (the depth of reads summed over the bases of a bin) the size of a read is found
    and samples are made of whole reads, too; see ``read_size_``.

    Parameters
    ----------
    latent_dim : int, default=32
        Length of the latent code without the classes.
    width : int, default=32
        Number of channels of the networks.
    n_steps : int, default=2500
        Optimisation steps of the generator, at the most.
    n_critic : int, default=1
        Optimisation steps of the critic for each of the generator.
    batch_size : int, default=64
        Number of samples per step.
    lr : float, default=1e-3
        Learning rate of generator and critic.
    gradient_penalty : float, default=0.2
        Weight γ of the penalties γ / 2 · ‖∇‖² of the critic's gradient at real and at generated
        signals; eight times at every eighth step.
    ema_decay : float, default=0.995
        Decay of the moving average of the generator's weights.
    encoder_steps : int, default=500
        Optimisation steps of the encoder.
    conditional : bool, default=True
        Whether to learn the signals of each class; with False ``y`` is ignored.
    random_flip : {"auto"} or bool, default="auto"
        Whether to reverse the bins of a training sample half of the times it is shown. Right
        where bins run along the genome whatever the strand of the gene. ``"auto"`` does what the
        data set says (``oriented``), and where nothing does, reverses signals of several marks
        whose two sides are alike on average over genes.
    eval_every : int, default=250
        Steps of the generator between two evaluations, which make a row of ``history_``.
    n_iter_no_change : int or None, default=4
        Number of evaluations without improvement after which training stops.
    validation_fraction : float, default=0.0
        Share of the samples to keep from training and to compare generated signals with. With
        0 training samples decide what is kept and when training stops. The critic memorises
        some hundred genes sooner or later; :func:`generation_report` on other genes detects
        whether the generator does.
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
        over marks), mark_correlation_error and two_sample_auroc (of a quick classifier) between
        generated and real signals, and fidelity_error, the sum of the four errors, by which the
        best is kept; seconds.
        With held-out samples also critic_gap_held_out, the gap between them and generated
        signals: well below critic_gap, the critic has memorised training samples.
    best_step_, n_iter_ : int
        The step whose generator was kept, and the number of steps.
    counts_, random_flip_ : bool
        Whether signals are whole numbers, and whether bins were reversed.
    read_size_ : ndarray of shape (n_marks,)
        What a read adds to the signals of each mark in coverage; NaN for other signals.
    classes_, cells_ : ndarray of shape (n_classes,), (n_cells,)
        The classes, only if ``y`` was used, and the cell types, only if ``cell`` was passed.
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
    .. [1] Huang et al. (2024), The GAN is dead; long live the GAN! A modern GAN baseline,
       NeurIPS.

    Examples
    --------
    >>> from histoexpr import SignalGenerator, make_histone_cells
    >>> X, y = make_histone_cells(n_cells=1, n_genes=200, random_state=0).return_X_y()
    >>> generator = SignalGenerator(n_steps=5, width=8, random_state=0).fit(X, y)
    >>> generator.sample(3, y=1, random_state=0).shape
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
        "validation_fraction": [Interval(Real, 0, 1, closed="left")],
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
        n_steps=2500,
        n_critic=1,
        batch_size=64,
        lr=1e-3,
        gradient_penalty=0.2,
        ema_decay=0.995,
        encoder_steps=500,
        conditional=True,
        random_flip="auto",
        eval_every=250,
        n_iter_no_change=4,
        validation_fraction=0.0,
        device="auto",
        warm_start=False,
        random_state=None,
        verbose=0,
    ):
        store_parameters(self, locals())

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None, *, cell=None):
        """Train the generator, then the encoder.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals, not negative; a DataFrame may have columns ``mark:bin``.
        y, cell : array-like of shape (n_samples,), optional
            Classes and cell types to make signals of. Classes are by default those of the data
            set, if it has labels; cell types only those given, such as ``data.cell``.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X is malformed or has negative values, or y holds no classes.
        """
        go_on = self.warm_start and hasattr(self, "generator_")
        rng = check_random_state(self.random_state)
        steps = self.n_steps, self.encoder_steps
        self._train(X, y, cell, go_on, steps, self.validation_fraction, rng)
        self._rng = None  # of partial_fit, which starts anew
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def partial_fit(self, X, y=None, *, cell=None, classes=None):
        """Go on with training from where it stands, up to one more evaluation.

        Trains the generator for ``eval_every`` steps and the encoder for as many, at most
        ``encoder_steps``. Scale, classes and cell types, whether signals are counts and whether
        bins are reversed is learned from the first call and kept; nothing is held out.

        Parameters
        ----------
        X, y, cell
            See :meth:`fit`.
        classes : array-like of shape (n_classes,), optional
            All classes that will ever come, where the first call does not have them all.

        Returns
        -------
        self : object
        """
        go_on = hasattr(self, "generator_")
        rng = getattr(self, "_rng", None) or check_random_state(self.random_state)
        steps = self.eval_every, min(self.eval_every, self.encoder_steps)
        self._train(X, y, cell, go_on, steps, 0.0, rng, classes, partial=True)
        self._rng = rng
        return self

    def _saved_state(self):
        return state_of(self)

    def _restore_state(self, state):
        restore(self, state)

    def _train(self, X, y, cell, go_on, steps, fraction, rng, classes=None, partial=False):
        with last_fit_kept(self):
            X, labels = self._check_training_data(X, y, cell, reset=not go_on)
            numbers = self._learn_labels(labels, classes, len(X), go_on, partial)
            rows, held_out = self._split(numbers, fraction, go_on, rng)
            if not go_on:
                self.device_ = resolve_device(self.device)
                self.counts_, self.history_ = are_counts(X), []
            elif self.counts_ and not are_counts(X):
                raise ValueError(
                    "Training was to go on with signals that are no whole numbers, but the "
                    "generator was fitted to counts. Fit a new one."
                )
            if self.random_flip != "auto":
                self.random_flip_ = self.random_flip
            elif not go_on:
                self.random_flip_ = runs_along_genome(self, X, rows)
            with gradients(), isolated_torch_rng(draw_seed(rng), self.device_):
                self._train_networks(X, numbers, rows, held_out, go_on, steps, rng)

    def _train_networks(self, X, numbers, rows, held_out, go_on, steps, rng):
        combinations = self._conditions.combinations
        if go_on:
            training, encoder = copy.deepcopy((self._training, self.encoder_))
            check_networks(training.generator, self.latent_dim, self.width)
        else:
            settings = {"latent_dim": self.latent_dim, "width": self.width}
            settings |= {"device": self.device_}
            sizes = self._conditions.sizes
            training, encoder = build_networks(X, rows, combinations, sizes, **settings)
        plan = GanPlan(**{field.name: getattr(self, field.name) for field in fields(GanPlan)})
        dataset = SignalDataset(X, numbers, rows=rows, flip_rng=rng if self.random_flip_ else None)
        drawn = torch.as_tensor(combinations, device=self.device_)
        source = SignalSource(dataset, drawn, training.average.input, self.batch_size, rng)
        monitor = FidelityMonitor(X, combinations[numbers], held_out, training.average, rng)
        if go_on:  # the generator kept so far has to be beaten on these samples, too
            monitor.record(self.best_step_, monitor.compare(self.generator_), self.generator_)
        self.history_ = self.history_ + train_generator(training, source, plan, monitor, steps[0])
        self.n_iter_, self.best_step_ = training.n_steps_, monitor.best_step_
        generator = copy.deepcopy(training.average)
        generator.load_state_dict(monitor.best_state_)
        train_encoder(encoder, generator, source, steps[1], show=self.verbose)
        self._training, self.critic_ = training, training.critic
        self.generator_, self.encoder_ = generator.eval(), encoder.eval()

    def _split(self, numbers, fraction, go_on, rng):
        """Return training and held-out rows, None and None if all are for training."""
        if not fraction:
            return None, None
        if len(numbers) < 2:
            raise ValueError(f"A validation_fraction={fraction} needs two samples; set it to 0.")
        if not (go_on and hasattr(self, "_split_seed")):
            self._split_seed = draw_seed(rng)  # what is held out stays so
        return held_out_split(numbers, None, fraction, self._split_seed)

    def _check_training_data(self, X, y, cell, *, reset):
        source = read_signals(X)
        X = check_signals(self, source, reset=reset, ensure_non_negative=True)
        if reset:
            self._flat_in = source.is_flat
        if y is None and source.dataset is not None:
            y = source.dataset.y
        labels = collect_labels(y if self.conditional else None, cell)
        check_consistent_length(X, *labels.values())
        return X, labels

    def _learn_labels(self, labels, classes, n_samples, go_on, partial):
        """Return the number of each sample's combination of labels."""
        if go_on:
            self._conditions = self._conditions.to_go_on(labels, classes, keep_counts=partial)
        else:
            self._conditions = Conditions(labels | check_classes(classes, labels))
            for name, attribute in (("y", "classes_"), ("cell", "cells_")):
                vars(self).pop(attribute, None)
                if name in labels:
                    setattr(self, attribute, self._conditions.values[name])
        return self._conditions.learn(labels, n_samples)
