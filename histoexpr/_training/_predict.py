"""Prediction with a network, in batches of one size."""

import numpy as np
import torch

from ..utils import split_batches
from ._batches import as_float32

# Batches of 256 to 512 were fastest. All batches are filled up to this size, so that the
# kernels chosen, and with them the last bit of a result, do not depend on how many samples
# are predicted together.
PREDICT_BATCH = 256


def predict_logits(module, X, device=None, *, method="forward"):
    """Return the logits of a network for every sample.

    Parameters
    ----------
    module : torch.nn.Module
        The network.
    X : ndarray of shape (n_samples, n_bins, n_marks)
        Signals of any real dtype, possibly a memory map; converted batch by batch.
    device : str, optional
        Where to compute; default where the network is.
    method : str, default="forward"
        Another method of the network to apply instead.

    Returns
    -------
    ndarray of shape (n_samples, n_classes), float32
    """
    was_training, function = module.training, getattr(module, method)
    if method == "forward":
        function = module  # with its hooks
    module.eval()
    device = next(module.parameters()).device if device is None else device
    batch = np.zeros((PREDICT_BATCH, *X.shape[1:]), dtype=np.float32)
    logits = []
    try:
        with torch.inference_mode():
            for rows in split_batches(len(X), PREDICT_BATCH):
                size = rows.stop - rows.start
                batch[:size] = as_float32(X[rows])
                batch[size:] = 0
                out = function(torch.from_numpy(batch).to(device))
                logits.append(out[:size].cpu().numpy())
    finally:
        module.train(was_training)
    return np.concatenate(logits)
