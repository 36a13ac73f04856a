"""What an output loses where groups of bins are replaced by a baseline."""

import numpy as np

from ..utils import progress_bar, split_batches

# Signals that are predicted together
_BATCH = 2048
# Where changes of a group cancel to less than this share, their sum says nothing of its parts
_CANCELLED = 1e-4


def patches(shape, width):
    """Return labels (n_bins, n_marks) of patches of so many bins of one mark."""
    n_bins, n_marks = shape
    blocks = np.arange(n_bins) // width
    return blocks[:, None] * n_marks + np.arange(n_marks)


def occlude(output, samples, baseline, labels, *, inserted=False, verbose=0):
    """Return (n_samples, n_groups): output of signals less that of signals without a group.

    ``labels`` (n_bins, n_marks) numbers the groups from 0; -1 is in none. ``inserted`` averages
    it with the output of the baseline with this group less that of the baseline.
    """
    n_groups = int(labels.max()) + 1
    masks = labels == np.arange(n_groups)[:, None, None]
    changes = np.zeros((len(samples), n_groups))
    size = max(1, _BATCH // max(n_groups, 1))
    batches = list(split_batches(len(samples), size))
    for batch in progress_bar(batches, desc="occlusion", unit="batch", show=verbose):
        rows = np.arange(batch.start, batch.stop)
        X = samples.X[rows]
        start = np.broadcast_to(baseline, X.shape)
        changes[rows] = _changes(output, samples, rows, X, start, masks)
        if inserted:
            changes[rows] -= _changes(output, samples, rows, start, X, masks)
            changes[rows] /= 2
    return changes


def _changes(output, samples, rows, X, other, masks):
    """Return what the output of signals of some rows loses with each group of other signals."""
    whole = _outputs(output, samples, rows, X)
    losses = np.empty((len(rows), len(masks)))
    for part in split_batches(len(masks), _BATCH):
        changed = np.where(masks[part], other[:, None], X[:, None])
        repeated = np.repeat(rows, changed.shape[1])
        found = _outputs(output, samples, repeated, changed.reshape(-1, *X.shape[1:]))
        losses[:, part] = whole[:, None] - found.reshape(len(rows), -1)
    return losses


def _outputs(output, samples, rows, signals):
    return output(samples.take(rows).given(np.array(signals), output.estimator))


def spread_evenly(amounts, labels):
    """Return (n, n_bins, n_marks): amounts (n, n_groups) in equal parts over their groups."""
    sizes = np.bincount(labels[labels >= 0], minlength=amounts.shape[1])
    shares = np.where(labels >= 0, 1 / np.maximum(sizes, 1)[labels], 0)
    return amounts[:, labels] * shares


def spread_by_change(amounts, change, labels, *, signed):
    """Return amounts (n, n_groups) over their groups in proportion to the change of signals.

    ``signed`` counts falls against rises, so that a bin that falls where its group rises has a
    contribution of the other sign; else absolute changes count.
    """
    sizes = np.abs(change)
    total = _sums(sizes, labels, amounts.shape[1])
    shares = np.divide(sizes, total[:, labels], out=np.zeros(change.shape), where=sizes > 0)
    if signed:
        net = _sums(change, labels, amounts.shape[1])
        usable = (np.abs(net) > _CANCELLED * total)[:, labels]
        shares = np.divide(change, net[:, labels], out=shares, where=usable)
    # where nothing changed, rounding may have left an amount
    unchanged = (total == 0)[:, labels]
    even = spread_evenly(np.ones_like(amounts), labels)
    shares = np.where(unchanged, even, shares)
    return np.where(labels >= 0, amounts[:, labels] * shares, 0.0)


def _sums(values, labels, n_groups):
    """Return the sums of values (n, n_bins, n_marks) over groups, (n, n_groups)."""
    found = np.zeros((len(values), n_groups))
    inside = labels >= 0
    np.add.at(found.T, labels[inside], values[:, inside].T)
    return found
