"""The CNN of DeepChrome 2.0, trained on some signals and asked about others.

The estimators around it stand beside this room, so that the report trains the network itself.
"""

import numpy as np

from .._training import (
    SignalDataset,
    TrainingPlan,
    build_net,
    gradients,
    isolated_torch_rng,
    predict_logits,
    run_training,
)
from ..nn import HistoneCNN
from ..utils import signal_moments

_OPTIMIZER = {"optimizer": "adamw", "lr": 2e-3, "lr_schedule": "cosine", "lr_min": 1e-6}
_OPTIMIZER |= {"weight_decay": 1e-2, "batch_size": 64}


def cnn_scores(X, y, asked, *, n_epochs, least_steps, seed, flip=False, **layers):
    """Return the log-odds that a CNN trained on X and y gives for the signals ``asked``.

    Signals (n_samples, n_bins, n_marks) are on the scale that the CNN is to see, ``y``
    (n_samples,) has numbers of classes, from 0. Input scaling, optimiser and network are those of
    ``HistoneCNNClassifier``, but for ``layers``. Training lasts ``n_epochs``, of few samples
    longer, so that there are ``least_steps`` steps. With ``flip`` bins of training samples are
    reversed half of the times. Of two classes the result is (n_asked,), of more the logits
    (n_asked, n_classes). On the CPU, the same for the same seed.
    """
    X, asked = np.asarray(X, dtype=np.float32), np.asarray(asked, dtype=np.float32)
    n_classes = int(y.max()) + 1
    steps_of_epoch = -(-len(X) // _OPTIMIZER["batch_size"])
    n_epochs = max(n_epochs, -(-least_steps // steps_of_epoch))
    plan = TrainingPlan(**_OPTIMIZER, max_epochs=n_epochs, device="cpu")
    shape = {"n_bins": X.shape[1], "n_marks": X.shape[2], "n_classes": n_classes}
    rng = np.random.RandomState(seed)
    with gradients(), isolated_torch_rng(seed, "cpu"):
        net = build_net(HistoneCNN, {**shape, **layers}, plan)
        net.module_.input.set_scale(*signal_moments(X))
        data = SignalDataset(X, np.asarray(y, dtype=np.int64), flip_rng=rng if flip else None)
        run_training(net, plan, data, None, rng)
        logits = predict_logits(net.module_, asked).astype(np.float64)
    return logits[:, 1] - logits[:, 0] if n_classes == 2 else logits
