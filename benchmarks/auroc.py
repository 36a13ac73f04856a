"""AUROC of many score vectors, and all scores of a cell, against scikit-learn's functions.

Run: python benchmarks/auroc.py [--rounds 5]. Trials are interleaved, so that a busy machine
slows all alike; medians of CPU time are printed.
"""

import argparse
import time

import numpy as np
from _timing import interleaved
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)

from histoexpr.metrics import auroc, auroc_matrix, binary_scores

N_SAMPLES, N_CELLS = 6_600, 55


def loop_columns(labels, scores):
    return [roc_auc_score(y, s) for y, s in zip(labels.T, scores.T, strict=True)]


def loop_pairs(labels, scores):
    return [[roc_auc_score(y, s) for y in labels.T] for s in scores.T]


def make_data(rng):
    labels = rng.random((N_SAMPLES, N_CELLS)) < 0.5
    scores = rng.normal(size=(N_SAMPLES, N_CELLS)) + labels
    return labels.astype(int), scores


def score_by_scikit_learn(y, proba):
    both = [False, True]
    return {
        "roc_auc": roc_auc_score(y, proba),
        "average_precision": average_precision_score(y, proba),
        "balanced_accuracy": balanced_accuracy_score(y, proba > 0.5),
        "brier_score_loss": brier_score_loss(y, proba, labels=both),
        "log_loss": log_loss(y, proba, labels=both),
    }


def compare_cells(rng, rounds):
    """Score one cell; calibration, which scikit-learn does not have, is in our time alone."""
    print(f"\nscores of one cell; median of {20 * rounds} rounds, milliseconds")
    print(f"{'genes':36}{'histoexpr':>10}{'functions':>10}{'ratio':>8}{'difference':>12}")
    for n_genes in (70, N_SAMPLES):
        proba = rng.random(n_genes)
        y = (rng.random(n_genes) < proba).astype(np.int8)
        found, expected = binary_scores(y, proba), score_by_scikit_learn(y, proba)
        difference = max(abs(found[name] - expected[name]) for name in expected)
        ways = {
            "ours": lambda y=y, proba=proba: binary_scores(y, proba),
            "theirs": lambda y=y, proba=proba: score_by_scikit_learn(y, proba),
        }
        times = interleaved(ways, 20 * rounds, clock=time.process_time)
        fast, slow = (np.median(times[name]) * 1e3 for name in ways)
        print(f"{n_genes:<36,}{fast:10.2f}{slow:10.2f}{slow / fast:7.0f}x{difference:12.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    rng = np.random.default_rng(0)
    labels, scores = make_data(rng)
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
        times = interleaved({"ours": ours, "loop": loop}, rounds, clock=time.process_time)
        fast, slow = (np.median(times[way]) / n_values * 1e6 for way in ("ours", "loop"))
        print(f"{name:36}{fast:10.0f}{slow:10.0f}{slow / fast:7.0f}x{difference:12.1e}")
    start = time.process_time()
    auroc_matrix(labels, scores)
    whole = time.process_time() - start
    print(f"55 x 55 matrix of 55 score vectors: {whole * 1e3:.0f} ms")
    compare_cells(rng, rounds)


if __name__ == "__main__":
    main()
