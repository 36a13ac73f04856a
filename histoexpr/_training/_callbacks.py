"""Callbacks of training: the validation AUROC, the learning rate, the progress bar.

Early stopping is skorch's own, with its scores from :func:`valid_auroc`.
"""

import math

import numpy as np
import torch
from skorch.callbacks import Callback

from ..metrics import auroc
from ..utils import progress_bar


def valid_auroc(net, X, y):
    """Return the AUROC on held-out samples (mean over classes if there are several).

    NaN if no class is both present and absent. For :class:`skorch.callbacks.EpochScoring`,
    which has kept the logits of the validation batches. The score is the probability; for two
    classes the difference of the logits, which ranks alike and in double precision has no ties.
    """
    logits = torch.cat(list(net.forward_iter(X))).cpu().double()
    if logits.shape[1] == 2:
        scores = {1: logits[:, 1] - logits[:, 0]}
    else:
        scores = dict(enumerate(torch.softmax(logits, dim=1).T))
    values = [
        auroc(y == number, score.numpy())
        for number, score in scores.items()
        if 0 < np.count_nonzero(y == number) < len(y)
    ]
    return float(np.mean(values)) if values else math.nan


def valid_r2(net, X, y):
    """Return the coefficient of determination on held-out samples.

    NaN if all targets are equal. For :class:`skorch.callbacks.EpochScoring`.
    """
    predicted = torch.cat(list(net.forward_iter(X))).cpu().double().numpy()[:, 0]
    spread = np.square(y - np.mean(y)).sum()
    return float(1 - np.square(y - predicted).sum() / spread) if spread else math.nan


# Scores of held-out samples after each epoch; larger is better
VALID_SCORES = {"valid_auroc": valid_auroc, "valid_r2": valid_r2}


class LearningRate(Callback):
    """Record the learning rate of every epoch, and lower it at every step along half a cosine.

    After step ``t`` of ``n_steps`` it is
    ``lr_min + (lr - lr_min) (1 + cos(pi t / n_steps)) / 2``. Not skorch's ``LRScheduler``
    with torch's ``CosineAnnealingLR``: its recursion is up to 3e-14 of the rate away from
    this after 13,200 steps, so that fits would not stay equal to the last bit, and a step
    takes ten times as long. With ``n_steps=None`` the rate stays constant; it is also left alone
    from the first step on before which something else has set it.
    """

    def __init__(self, lr_min, n_steps):
        self.lr_min, self.n_steps = lr_min, n_steps

    def on_train_begin(self, net, **kwargs):
        """Remember where the learning rates start."""
        self._step = 0
        self._start = self._set = _rates(net)

    def on_batch_end(self, net, training, **kwargs):
        """Set the learning rate of the next step."""
        if training and self.n_steps is not None and _rates(net) == self._set:
            self._step += 1
            down = (1 + math.cos(math.pi * min(self._step / self.n_steps, 1))) / 2
            for group, start in zip(net.optimizer_.param_groups, self._start, strict=True):
                group["lr"] = self.lr_min + (start - self.lr_min) * down
            self._set = _rates(net)

    def on_epoch_end(self, net, **kwargs):
        """Put the rate into the history."""
        net.history.record("lr", net.optimizer_.param_groups[0]["lr"])


def _rates(net):
    return [group["lr"] for group in net.optimizer_.param_groups]


class EpochProgress(Callback):
    """Show one progress bar over all epochs; skorch's ``ProgressBar`` shows one per epoch."""

    def __init__(self, max_epochs, name):
        self.max_epochs, self.name = max_epochs, name

    def on_train_begin(self, net, **kwargs):
        """Open the bar."""
        self._bar = progress_bar(total=self.max_epochs, desc=self.name, unit="epoch")

    def on_epoch_end(self, net, **kwargs):
        """Move on and show the latest values."""
        row = net.history[-1]
        shown = ("train_loss", "valid_loss", *VALID_SCORES)
        text = ", ".join(f"{key} {row[key]:.4f}" for key in shown if key in row)
        self._bar.set_postfix_str(text)
        self._bar.update(1)

    def on_train_end(self, net, **kwargs):
        """Close the bar."""
        self._bar.close()
