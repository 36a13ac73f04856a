"""AUROC of many score vectors: one sort for each, against a loop over roc_auc_score.

Run: python benchmarks/auroc.py [--rounds 5]. Trials are interleaved, so that a busy machine
slows all alike; medians are printed.
"""

import argparse
import time

import numpy as np
from sklearn.metrics import roc_auc_score

from histoexpr.metrics import auroc, auroc_matrix

N_SAMPLES, N_CELLS = 6_600, 55


def loop_columns(labels, scores):
    return [roc_auc_score(y, s) for y, s in zip(labels.T, scores.T, strict=True)]


def loop_pairs(labels, scores):
    return [[roc_auc_score(y, s) for y in labels.T] for s in scores.T]


def make_data(rng):
    labels = rng.random((N_SAMPLES, N_CELLS)) < 0.5
    scores = rng.normal(size=(N_SAMPLES, N_CELLS)) + labels
    return labels.astype(int), scores


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    labels, scores = make_data(np.random.default_rng(0))
    tied = scores.round(1)
    single = scores.astype(np.float32)
    # The loops run over 5 x 55 of the 55 x 55 vectors; all times are per vector.
    few = labels[:, :5]
    trials = {
        "55 score vectors, each its labels": (
            lambda: auroc(labels, scores),
            lambda: loop_columns(labels, scores),
            N_CELLS,
        ),
        "the same, scores with ties": (
            lambda: auroc(labels, tied),
            lambda: loop_columns(labels, tied),
            N_CELLS,
        ),
        "the same, float32": (
            lambda: auroc(labels, single),
            lambda: loop_columns(labels, single),
            N_CELLS,
        ),
        "55 score vectors x 5 label vectors": (
            lambda: auroc_matrix(few, scores),
            lambda: loop_pairs(few, scores),
            N_CELLS * 5,
        ),
    }
    print(f"{N_SAMPLES:,} samples; median of {rounds} rounds, microseconds per AUROC")
    print(f"{'':36}{'histoexpr':>10}{'loop':>10}{'ratio':>8}{'difference':>12}")
    for name, (ours, loop, n_values) in trials.items():
        difference = np.abs(np.ravel(ours()) - np.ravel(loop())).max()
        times = []
        for _ in range(rounds):
            row = []
            for function in (ours, loop):
                start = time.perf_counter()
                function()
                row.append(time.perf_counter() - start)
            times.append(row)
        fast, slow = np.median(times, axis=0) / n_values * 1e6
        print(f"{name:36}{fast:10.0f}{slow:10.0f}{slow / fast:7.0f}x{difference:12.1e}")
    start = time.perf_counter()
    auroc_matrix(labels, scores)
    whole = time.perf_counter() - start
    print(f"55 x 55 matrix of 55 score vectors: {whole * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
