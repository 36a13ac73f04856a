"""What happens between batches and epochs."""

import math

import numpy as np
import torch
from skorch.callbacks import Callback

from ..metrics import auroc
from ..utils import progress_bar


class ValidAUROC(Callback):
    """Record the AUROC on the held-out samples (mean over classes if there are several).

    The score of a sample is its probability; for two classes that ranks like the
    difference of the logits.
    """

    def on_epoch_begin(self, net, **kwargs):
        """Forget the last epoch."""
        self._logits, self._targets = [], []

    def on_batch_end(self, net, batch, training, y_pred=None, **kwargs):
        """Keep the logits of a validation batch."""
        if not training:
            target = batch[1][0] if isinstance(batch[1], tuple | list) else batch[1]
            self._logits.append(y_pred.detach().cpu())
            self._targets.append(target)

    def on_epoch_end(self, net, **kwargs):
        """Compute the score."""
        if not self._logits:
            return
        logits = torch.cat(self._logits).double()
        target = torch.cat(self._targets).numpy()
        scores = torch.softmax(logits, dim=1).numpy()
        if scores.shape[1] == 2:
            scores, classes = (logits[:, 1] - logits[:, 0]).numpy()[:, None], [1]
        else:
            classes = range(scores.shape[1])
        values = [
            auroc(target == number, scores[:, column])
            for column, number in enumerate(classes)
            if 0 < np.count_nonzero(target == number) < len(target)
        ]
        net.history.record("valid_auroc", float(np.mean(values)) if values else math.nan)


class KeepBest(Callback):
    """Stop when the monitored value no longer improves, and go back to its best epoch.

    Parameters
    ----------
    monitor : str
        Column of the history; larger is better.
    patience : int
        Epochs without improvement after which training stops.
    """

    def __init__(self, monitor, patience):
        self.monitor, self.patience = monitor, patience

    def on_train_begin(self, net, **kwargs):
        """Start anew."""
        self.best_epoch_, self.best_value_, self._state = None, None, None

    def on_epoch_end(self, net, **kwargs):
        """Compare with the best epoch so far."""
        epoch = len(net.history)
        value = net.history[-1].get(self.monitor, math.nan)
        if not math.isnan(value) and (self.best_value_ is None or value > self.best_value_):
            self.best_epoch_, self.best_value_ = epoch, value
            self._state = {k: v.clone() for k, v in net.module_.state_dict().items()}
        stale = epoch - (self.best_epoch_ or 0)
        if stale >= self.patience:
            raise StopTraining

    def on_train_end(self, net, **kwargs):
        """Restore the best weights."""
        if self._state is not None:
            net.module_.load_state_dict(self._state)
            self._state = None


class StopTraining(KeyboardInterrupt):
    """Raised by a callback to end training; skorch takes it for the regular end."""


class CosineSchedule(Callback):
    """Lower the learning rate at every step along half a cosine.

    Parameters
    ----------
    lr_min : float
        Learning rate after the last step.
    n_steps : int
        Number of steps in all.
    """

    def __init__(self, lr_min, n_steps):
        self.lr_min, self.n_steps = lr_min, n_steps

    def on_train_begin(self, net, **kwargs):
        """Remember where the learning rates start."""
        self._step = 0
        self._start = [group["lr"] for group in net.optimizer_.param_groups]

    def on_batch_end(self, net, training, **kwargs):
        """Set the learning rate of the next step."""
        if training:
            self._step += 1
            down = (1 + math.cos(math.pi * min(self._step / self.n_steps, 1))) / 2
            for group, start in zip(net.optimizer_.param_groups, self._start, strict=True):
                group["lr"] = self.lr_min + (start - self.lr_min) * down


class EpochProgress(Callback):
    """Show a progress bar over epochs.

    Parameters
    ----------
    total : int
        Number of epochs at the most.
    name : str
        Text before the bar.
    """

    def __init__(self, total, name):
        self.total, self.name = total, name

    def on_train_begin(self, net, **kwargs):
        """Open the bar."""
        self._bar = progress_bar(total=self.total, desc=self.name, unit="epoch")

    def on_epoch_end(self, net, **kwargs):
        """Move on and show the latest values."""
        row = net.history[-1]
        shown = ("train_loss", "valid_loss", "valid_auroc")
        text = ", ".join(f"{key} {row[key]:.4f}" for key in shown if key in row)
        self._bar.set_postfix_str(text)
        self._bar.update(1)

    def on_train_end(self, net, **kwargs):
        """Close the bar."""
        self._bar.close()
