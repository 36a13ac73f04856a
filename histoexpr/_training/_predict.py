"""Prediction with a network, in batches of one size."""

import numpy as np
import torch

from ..utils import as_float32, split_batches

# Batches of 256 to 512 were fastest. All are filled up to this size, so that the kernels, and
# with them the last bit of a result, do not depend on how many samples are predicted together.
PREDICT_BATCH = 256


def predict_logits(module, X, device=None, *, method="forward"):
    """Return what a network, or another method of it, gives for every sample, as float32.

    ``X`` is (n_samples, n_bins, n_marks), of any real dtype, possibly a memory map; it is
    converted batch by batch. By default the computation is where the network is.
    """
    was_training = module.training
    function = module if method == "forward" else getattr(module, method)  # with its hooks
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
                # a copy: what is pooled over one bin may be a view of the batch
                logits.append(out[:size].cpu().numpy().copy())
    finally:
        module.train(was_training)
    return np.concatenate(logits)


def output_shape(module, X):
    """Return the shape of what a network gives for some samples, as one batch."""
    was_training = module.training
    device = next(module.parameters()).device
    module.eval()
    try:
        with torch.no_grad():
            return tuple(module(torch.from_numpy(X).to(device)).shape)
    finally:
        module.train(was_training)
