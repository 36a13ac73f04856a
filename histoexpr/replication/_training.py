"""The training protocol of DeepChrome 2.0: Kadavath, Paradis and Yeung (2022), arXiv 2209.11923.

As parameters of the classifiers; their ``published`` constructors use it.
"""

PUBLISHED_TRAINING = {
    "log1p": False,
    "optimizer": "sgd",
    "lr": 1e-3,
    "lr_schedule": "cosine",
    "lr_min": 1e-6,
    "weight_decay": 0.0,
    "batch_size": 32,
    "max_epochs": 100,
    "early_stopping": True,
    "n_iter_no_change": 15,
}

# Counts as they come; the linear network has scales of its own.
PUBLISHED_INPUT = {"standardize": None, "random_flip": False}
