"""Losses of single samples, by the names of the estimators' parameter ``loss``."""

from torch.nn.functional import cross_entropy, huber_loss, mse_loss


def _cross_entropy(outputs, classes):
    return cross_entropy(outputs, classes, reduction="none")


def _squared_error(outputs, values):
    return mse_loss(outputs[:, 0], values, reduction="none")


def _huber(outputs, values):
    """Squared errors up to one standard deviation of the target, beyond it absolute ones."""
    return huber_loss(outputs[:, 0], values, reduction="none")


# Each takes (batch, n_outputs) and a target per sample and returns (batch,)
LOSSES = {"cross_entropy": _cross_entropy, "squared_error": _squared_error, "huber": _huber}
