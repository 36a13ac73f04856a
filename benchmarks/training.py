"""Training and prediction against a bare torch loop and skorch's default loader.

    python benchmarks/training.py [--n-genes 6600] [--repeats 5]

Simulated counts, one thread. Every comparison runs the same mathematics; the alternatives
take turns in one process and the median of the pairwise ratios is printed.
"""

import argparse

import numpy as np
import torch
from _timing import interleaved, report
from skorch import NeuralNetClassifier

from histoexpr import HistoneCNNClassifier, HistoneLinearClassifier, make_histone_cells

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


def compare(name, estimator, module, X, y, epochs, repeats):
    estimator.set_params(max_epochs=epochs)
    seconds = interleaved(
        {
            "histoexpr": lambda: estimator.fit(X, y),
            "bare torch loop": lambda: bare_training(module, X, y, epochs, 32),
            "skorch, default loader": lambda: default_skorch(module, X, y, epochs),
        },
        repeats,
    )
    report(f"{name}: fit, {epochs} epoch(s) of {len(X)} samples", seconds, "histoexpr")

    net = default_skorch(module, X[:64], y[:64], 1).set_params(batch_size=128)
    floats, tensor = X.astype(np.float32), torch.from_numpy(X.astype(np.float32))
    seconds = interleaved(
        {
            "histoexpr": lambda: estimator.predict_proba(X),
            "bare torch loop, batches of 256": lambda: bare_prediction(module, tensor),
            "skorch, default loader, batches of 128": lambda: net.predict_proba(floats),
        },
        repeats,
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
    parser.add_argument("--repeats", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    X, y = make_histone_cells(1, args.n_genes, random_state=0).return_X_y()
    n_bins, n_marks = X.shape[1:]

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
    )
    compare(
        "Linear, 12 parameters, trained by gradient descent",
        HistoneLinearClassifier(solver="sgd", random_state=0, early_stopping=False, **SETTINGS),
        make(PlainLinear, n_marks=n_marks),
        X,
        y,
        epochs=2,
        repeats=args.repeats,
    )
    seconds = interleaved(
        {
            "direct solver": lambda: HistoneLinearClassifier().fit(X, y),
            "one epoch of the published loop": lambda: published_epochs(X, y, 1),
        },
        args.repeats,
    )
    report("Linear: direct solver against the published loop", seconds, "direct solver")
    ratios = [100 * loop / direct for direct, loop in zip(*seconds.values(), strict=True)]
    print(f"  100 epochs, extrapolated from one: {np.median(ratios):,.0f} × direct solver")


if __name__ == "__main__":
    main()
