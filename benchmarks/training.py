"""Training and prediction against torch's layers, a bare torch loop and skorch's loader.

    python benchmarks/training.py [--n-genes 6600] [--n-predicted 100000] [--repeats 5]

Simulated counts, one thread, seconds of CPU time; fits on two cores in seconds on the clock.
Every comparison runs the same mathematics; the alternatives take turns in one process and the
median of the pairwise ratios is printed. "torch's layers" is the same network, trained by the
same classifier, with torch's convolution, ReLU, mean and dropout and its AdamW as it is by
default.
"""

import argparse
import functools
import time

import numpy as np
import torch
from _timing import interleaved, report
from joblib import Parallel, delayed
from skorch import NeuralNetClassifier

from histoexpr import HistoneCNNClassifier, HistoneLinearClassifier, make_histone_cells
from histoexpr.nn import HistoneCNN

SETTINGS = {"log1p": True, "lr": 1e-3, "weight_decay": 0.0, "batch_size": 32}


def bare_training(module, X, y, epochs, batch_size):
    """Train as one would by hand: one tensor, permuted once an epoch."""
    X = torch.from_numpy(X.astype(np.float32))
    y = torch.from_numpy(y.astype(np.int64))
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3, weight_decay=0.0)
    module.train()
    for _ in range(epochs):
        order = torch.randperm(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            loss = torch.nn.functional.cross_entropy(module(X[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


class LayersCNN(HistoneCNN):
    """The network of the classifier, by torch's layers in training and prediction."""

    @functools.wraps(HistoneCNN.__init__)  # the classifier reads the names of the arguments
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropout = torch.nn.Dropout(self.dropout.p)

    _features = HistoneCNN._features_by_layers


class LayersClassifier(HistoneCNNClassifier):
    """The classifier of that network."""

    _network = LayersCNN


def cnn(kind, batch_size):
    """Return an estimator of one kind, for one epoch of plain training."""
    params = SETTINGS | {"batch_size": batch_size, "max_epochs": 1, "random_state": 0}
    params |= {"early_stopping": False, "random_flip": False}
    if kind is LayersClassifier:
        params["optimizer"] = functools.partial(torch.optim.AdamW, weight_decay=0.0)
    return kind(**params)


def fit_once(kind, X, y):
    torch.set_num_threads(1)
    cnn(kind, 32).fit(X, y)


def compare_with_layers(X, y, repeats):
    """Time one epoch by batch size, and eight fits on two cores."""
    kinds = {"histoexpr": HistoneCNNClassifier, "torch's layers": LayersClassifier}
    for batch_size in (32, 256):
        fits = {
            name: functools.partial(cnn(kind, batch_size).fit, X, y)
            for name, kind in kinds.items()
        }
        seconds = interleaved(fits, repeats, time.process_time)
        report(
            f"CNN: one epoch of {len(X)} samples, batches of {batch_size}", seconds, "histoexpr"
        )
    with Parallel(n_jobs=2) as parallel:
        eight = {
            name: lambda kind=kind: parallel(delayed(fit_once)(kind, X, y) for _ in range(8))
            for name, kind in kinds.items()
        }
        seconds = interleaved(eight, max(1, repeats // 2))
    report("CNN: eight fits of one epoch on two cores, clock", seconds, "histoexpr")


class PlainCNN(torch.nn.Module):
    """The same network written with Conv1d, as one would by hand."""

    def __init__(self, n_bins, n_marks):
        super().__init__()
        width = 50 * ((n_bins - 9) // 5)
        self.layers = torch.nn.Sequential(
            torch.nn.Conv1d(n_marks, 50, 10),
            torch.nn.ReLU(),
            torch.nn.AvgPool1d(5),
            torch.nn.Flatten(),
            torch.nn.Dropout(0.5),
            torch.nn.Linear(width, 625),
            torch.nn.ReLU(),
            torch.nn.Linear(625, 125),
            torch.nn.ReLU(),
            torch.nn.Linear(125, 2),
        )

    def forward(self, x):
        return self.layers(torch.log1p(x).transpose(1, 2))


class PlainLinear(torch.nn.Module):
    """The same linear network written by hand."""

    def __init__(self, n_marks):
        super().__init__()
        self.linear = torch.nn.Linear(n_marks, 2)

    def forward(self, x):
        return self.linear(torch.log1p(x.sum(dim=1)))


def bare_prediction(module, X):
    module.eval()
    with torch.inference_mode():
        parts = X.split(256)
        return torch.cat([torch.softmax(module(part.float()), dim=1) for part in parts])


def default_skorch(module, X, y, epochs):
    """Return skorch's own classifier, trained with its default loader."""
    net = NeuralNetClassifier(
        type(module),
        criterion=torch.nn.CrossEntropyLoss,
        optimizer=torch.optim.AdamW,
        lr=1e-3,
        optimizer__weight_decay=0.0,
        batch_size=32,
        max_epochs=epochs,
        train_split=None,
        verbose=0,
        **{f"module__{key}": value for key, value in module.made_from.items()},
    )
    return net.fit(X.astype(np.float32), y.astype(np.int64))


def make(kind, **arguments):
    module = kind(**arguments)
    module.made_from = arguments
    return module


def compare(name, estimator, module, X, y, epochs, repeats, n_predicted):
    estimator.set_params(max_epochs=epochs)
    seconds = interleaved(
        {
            "histoexpr": lambda: estimator.fit(X, y),
            "bare torch loop": lambda: bare_training(module, X, y, epochs, 32),
            "skorch, default loader": lambda: default_skorch(module, X, y, epochs),
        },
        repeats,
        time.process_time,
    )
    report(f"{name}: fit, {epochs} epoch(s) of {len(X)} samples", seconds, "histoexpr")

    X, y = np.resize(X, (n_predicted, *X.shape[1:])), np.resize(y, n_predicted)
    net = default_skorch(module, X[:64], y[:64], 1).set_params(batch_size=128)
    floats, tensor = X.astype(np.float32), torch.from_numpy(X.astype(np.float32))
    seconds = interleaved(
        {
            "histoexpr": lambda: estimator.predict_proba(X),
            "bare torch loop, batches of 256": lambda: bare_prediction(module, tensor),
            "skorch, default loader, batches of 128": lambda: net.predict_proba(floats),
        },
        repeats,
        time.process_time,
    )
    report(f"{name}: predict_proba of {len(X)} samples", seconds, "histoexpr")


def published_epochs(X, y, epochs):
    """Train the 12 parameters as published: DataLoader, batches of 32, plain SGD."""
    data = torch.utils.data.TensorDataset(
        torch.from_numpy(X.astype(np.float32)), torch.from_numpy(y.astype(np.int64))
    )
    loader = torch.utils.data.DataLoader(data, batch_size=32, shuffle=True)
    module = PlainLinear(X.shape[2])
    optimizer = torch.optim.SGD(module.parameters(), lr=1e-3)
    for _ in range(epochs):
        for signals, target in loader:
            loss = torch.nn.functional.cross_entropy(module(signals), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n-genes", type=int, default=6600)
    parser.add_argument("--n-predicted", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    X, y = make_histone_cells(1, args.n_genes, random_state=0).return_X_y()
    n_bins, n_marks = X.shape[1:]

    compare_with_layers(X, y, args.repeats)
    compare(
        "CNN, 644,177 parameters",
        HistoneCNNClassifier(
            random_state=0, early_stopping=False, random_flip=False, standardize=None, **SETTINGS
        ),
        make(PlainCNN, n_bins=n_bins, n_marks=n_marks),
        X,
        y,
        epochs=1,
        repeats=args.repeats,
        n_predicted=args.n_predicted,
    )
    compare(
        "Linear, 12 parameters, trained by gradient descent",
        HistoneLinearClassifier(solver="sgd", random_state=0, early_stopping=False, **SETTINGS),
        make(PlainLinear, n_marks=n_marks),
        X,
        y,
        epochs=2,
        repeats=args.repeats,
        n_predicted=args.n_predicted,
    )
    seconds = interleaved(
        {
            "direct solver": lambda: HistoneLinearClassifier().fit(X, y),
            "one epoch of the published loop": lambda: published_epochs(X, y, 1),
        },
        args.repeats,
        time.process_time,
    )
    report("Linear: direct solver against the published loop", seconds, "direct solver")
    ratios = [100 * loop / direct for direct, loop in zip(*seconds.values(), strict=True)]
    print(f"  100 epochs, extrapolated from one: {np.median(ratios):,.0f} × direct solver")


if __name__ == "__main__":
    main()
