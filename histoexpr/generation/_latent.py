"""The latent space of a fitted generator: sample, encode, decode, score."""

import io

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted

from .._training import predict_logits
from ..utils import check_positive_int, check_signals, read_signals
from ._fidelity import fidelity_errors

# Attributes that hold networks
_NETWORKS = ("generator_", "encoder_", "critic_", "_training")
# Seed of the samples that score compares: the same for all generators
_SCORE_SEED = 0


class LatentSpace(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Base of :class:`SignalGenerator`: everything but training."""

    def sample(self, n_samples=1, y=None, *, cell=None, counts=None, random_state=None):
        """Generate signals.

        Parameters
        ----------
        n_samples : int, default=1
            How many.
        y, cell : label or array-like of shape (n_samples,), optional
            Their classes and cell types; by default drawn as often as in training.
        counts : {None, "round", "sample"}, default=None
            None gives signals like those of ``fit``, whole numbers if those were; ``"round"``
            the nearest integers; ``"sample"`` one of the two neighbouring integers at random,
            so that means stay as they are.
        random_state : int, RandomState instance or None, default=None
            Seed.

        Returns
        -------
        ndarray of shape (n_samples, n_bins, n_marks)
            On the scale and with the axes of the X of ``fit``. float32, or int64 if counts.

        Raises
        ------
        ValueError
            If a label was not among those of ``fit``.
        """
        check_is_fitted(self)
        if counts not in (None, "round", "sample"):
            raise ValueError(f"The counts must be None, 'round' or 'sample', got {counts!r}.")
        rng = check_random_state(random_state)
        codes = self._draw_codes(n_samples, y, cell, rng)
        signals = self._generate(self.generator_.with_noise(codes, rng))
        if counts == "sample":
            signals = np.floor(signals + rng.random_sample(signals.shape))
        if counts is not None:
            signals = np.rint(signals).astype(np.int64)
        return self._give_back(signals)

    def sample_codes(self, n_samples=1, y=None, *, cell=None, random_state=None):
        """Draw latent codes as they were drawn in training.

        Parameters
        ----------
        n_samples : int, default=1
            How many.
        y, cell, random_state
            See :meth:`sample`.

        Returns
        -------
        ndarray of shape (n_samples, n_codes), float32
            Codes as :meth:`transform` returns them, with 1 for the class and cell type.
        """
        check_is_fitted(self)
        rng = check_random_state(random_state)
        return self._draw_codes(n_samples, y, cell, rng).astype(np.float32)

    def _draw_codes(self, n_samples, y, cell, rng):
        n_samples = check_positive_int("n_samples", n_samples)
        conditions = self._conditions.draw({"y": y, "cell": cell}, n_samples, rng)
        latent = rng.standard_normal((n_samples, self.generator_.latent_dim))
        return np.concatenate([latent, conditions], axis=1)

    @property
    def read_size_(self):
        """What a read adds to the signals of each mark in coverage; NaN for other signals."""
        check_is_fitted(self)
        grain = self.generator_.grain
        if grain is None:
            return np.full(self.n_marks_in_, np.nan)
        read = grain.read.cpu().numpy().astype(np.float64)
        return np.where(read > 0, read, np.nan)

    def transform(self, X):
        """Return latent codes.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals.

        Returns
        -------
        ndarray of shape (n_samples, n_codes), float32
            ``latent_dim`` numbers, then the encoder's probability of each class and of each
            cell type, as far as the generator is conditional on them.
        """
        return self._encode(self._check(X))

    def inverse_transform(self, Z):
        """Return the typical signals of latent codes.

        Parameters
        ----------
        Z : array-like of shape (n_samples, n_codes)
            Latent codes as :meth:`transform` returns them.

        Returns
        -------
        ndarray of shape (n_samples, n_bins, n_marks), float32
            Without the noise that :meth:`sample` adds; on the scale and with the axes of ``fit``.
        """
        check_is_fitted(self)
        Z = check_array(Z, dtype=np.float32, input_name="Z")
        if Z.shape[1] != self._n_features_out:
            raise ValueError(
                f"Z has {Z.shape[1]} columns, but {type(self).__name__} makes codes of "
                f"{self._n_features_out}."
            )
        return self._give_back(self._generate(Z))

    def reconstruction_error(self, X):
        """Return how far signals are from what their latent codes give back.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals.

        Returns
        -------
        ndarray of shape (n_samples,)
            Mean squared difference of log(1 + x), in units of each mark's variance in training
            (at least a quarter of the usual one): about 1 for a code without information.
        """
        X = self._check(X)
        given_back = self._generate(self._encode(X))
        scale = self.generator_.input.scale.cpu().numpy()
        unit = self.generator_.input.unit.cpu().numpy().astype(np.float64)
        difference = (np.log1p(X / unit) - np.log1p(given_back / unit)) / scale
        return np.square(difference).mean(axis=(1, 2))

    def score(self, X, y=None):
        """Return the negative fidelity error of generated signals against X.

        It is ``S + (1 - r) + M + 2 max(A - 1/2, 0)`` as in ``history_``: sliced Wasserstein
        distance, correlation of the mean profiles, difference of the correlations between marks,
        means over marks, and AUROC of a quick classifier.

        Parameters
        ----------
        X : HistoneDataset or array-like of shape (n_samples, n_bins, n_marks) or \
                (n_samples, n_features)
            Signals.
        y : array-like of shape (n_samples,), optional
            Their classes, of which signals are generated. By default, and if the generator is
            not conditional on classes, drawn as often as in training.

        Returns
        -------
        float
            At most 0, higher is better; deterministic, comparable between generators for one X.
        """
        source = read_signals(X)
        X = self._check(source)
        if y is None and source.dataset is not None:
            y = source.dataset.y
        y = y if hasattr(self, "classes_") else None
        made = self.sample(len(X), y=y, random_state=_SCORE_SEED)
        return -fidelity_errors(made.reshape(X.shape), X)["fidelity_error"]

    def _check(self, X):
        check_is_fitted(self)
        return check_signals(self, X, reset=False, ensure_non_negative=True)

    def _encode(self, X):
        return predict_logits(self.encoder_, X, self.device_)

    def _generate(self, codes):
        return predict_logits(self.generator_, codes, self.device_)

    def _give_back(self, signals):
        return signals.reshape(len(signals), -1) if self._flat_in else signals

    @property
    def _n_features_out(self):
        return self.generator_.code_size

    def __getstate__(self):
        """Return the state with the networks in torch's format, which holds their device."""
        state = dict(super().__getstate__())
        networks = {name: state.pop(name) for name in _NETWORKS if name in state}
        buffer = io.BytesIO()
        torch.save(networks, buffer)
        return state | {"_saved_networks": buffer.getvalue()}

    def __setstate__(self, state):
        """Restore the state; networks from a device that is not there go to the CPU."""
        state = dict(state)
        saved = io.BytesIO(state.pop("_saved_networks"))
        if state.get("device_", "cpu").startswith("cuda") and not torch.cuda.is_available():
            state["device_"] = "cpu"
        # the file is as trusted as the pickle that it comes in
        networks = torch.load(saved, state.get("device_", "cpu"), weights_only=False)
        super().__setstate__(state | networks)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.two_d_array = True
        tags.input_tags.positive_only = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags
