"""Training a generator on a data set and making signals: what ``generate`` and ``maps`` share."""

from ._options import FIGURES, check_ending

# Held-out genes make a fifth; with fewer chromosomes, single ones would be half of the data
_FOLDS = 5
# Chromosomes, the predefined split, and genes at random
HOLD_OUT = ("auto", "chromosome", "split", "genes", "none")


def fit_generator(data, *, steps=None, seed=0, quiet=False):
    """Return a generator fitted to all samples of a data set.

    It is conditional on labels where there are any, and on cell types where there are several.
    """
    from ..generation import SignalGenerator

    check_for_generator(data)
    settings = {}
    if steps is not None:  # the encoder takes a third of them by default
        settings = {"n_steps": steps, "encoder_steps": max(steps // 3, 1)}
    generator = SignalGenerator(**settings, random_state=seed, verbose=0 if quiet else 1)
    return generator.fit(data, cell=data.cell if len(data.cells) > 1 else None)


def check_for_generator(data):
    """Refuse signals that no generator can learn, before minutes have passed."""
    if data.n_samples < 2:
        raise ValueError(f"The data set has {data.n_samples} sample(s). A generator needs many.")
    if (low := data.X.min()) < 0:
        raise ValueError(
            f"The data set has negative signals (the lowest is {low:g}), such as those with a "
            "control subtracted. A generator needs counts: build the data set without control."
        )


def hold_out(data, how, seed):
    """Return which samples are of held-out genes, None without any, and what these are.

    ``how`` is one of HOLD_OUT. "auto" takes whole chromosomes where they are known, else the
    predefined split, else genes at random.
    """
    if how == "none":
        return None, "no genes are held out"
    if how == "auto":
        how = _best_division(data)
    if how == "chromosome":
        names, test = _fold(data, "chromosome", seed)
        return test, f"chromosomes {', '.join(names.split('+'))}"
    if how == "split":
        return _fold(data, "split", seed)[1], "the predefined test genes"
    return _fold(data, "kfold", seed)[1], "genes drawn at random"


def _best_division(data):
    import numpy as np

    chroms = [""] if data.chrom is None else np.unique(data.chrom).tolist()
    if "" not in chroms and len(chroms) >= _FOLDS:
        return "chromosome"
    if data.split is not None and {"train", "test"} <= set(np.unique(data.split)):
        return "split"
    return "genes"


def _fold(data, genes, seed):
    import numpy as np

    from ..model_selection import CellGroups, gene_folds

    splits = () if data.split is None else set(np.unique(data.split)) & {"train", "valid"}
    folds = gene_folds(
        CellGroups(data.cell, data.gene, data.chrom, data.split),
        genes,
        n_splits=_FOLDS,
        random_state=seed,
        train_splits=tuple(sorted(splits)) or ("train",),
    )
    return folds.names[0], folds.codes == 0


def check_figure(option, path):
    """Refuse a figure without an ending that matplotlib writes, and without matplotlib."""
    check_ending(option, path, FIGURES)
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:  # it is slow to import
        from ..utils import require

        require("matplotlib", f"{option}: a figure")


def check_kind(path, info, kind):
    """Refuse a model file of another kind than the verb takes."""
    if info["kind"] == kind:
        return
    name = info["estimator"]["class"].rpartition(".")[2]
    remedy = {
        "generator": "Name a file that histoexpr generate wrote of a data set.",
        "classifier": "Maps are of the classes that a classifier knows: train one with histoexpr "
        "train DATA -o m.histoexpr.",
    }[kind]
    raise ValueError(f"{path} holds a {name}, which is no {kind}. {remedy}")


def check_enough(data, test):
    """Refuse held-out genes that are too few to compare a generator with."""
    if test is None:
        return
    n_test, least = int(test.sum()), 10
    if n_test < least:
        raise ValueError(
            f"{n_test} of {data.n_samples} samples are of held-out genes; to compare a generator "
            f"with them, {least} are needed. Give more genes, or --hold-out none."
        )
    for label in () if data.y is None else sorted(set(data.y.tolist())):
        n_held_out, n_left = (int(((data.y == label) & part).sum()) for part in (test, ~test))
        if n_left < n_held_out:
            raise ValueError(
                f"Class {label} has {n_held_out} held-out samples and only {n_left} to learn "
                "from. Hold other genes out with --hold-out genes, or none with --hold-out none."
            )


def draw_samples(generator, n_samples, *, label=None, cells=None, seed=0):
    """Return generated signals and what is known of them as parts of a data set.

    ``label`` is a class as text, ``cells`` names of cell types, None for those of training, as
    often as there.
    """
    import numpy as np
    from sklearn.utils import check_random_state

    rng = check_random_state(seed)
    drawn = _draw_conditions(generator, n_samples, rng)
    if label is not None:
        drawn["y"] = np.repeat(_known(generator, "classes_", [label], "--label"), n_samples)
    if cells is not None:
        drawn["cell"] = rng.choice(_known(generator, "cells_", cells, "--cells"), n_samples)
    counts = "round" if generator.counts_ else None
    signals = generator.sample(n_samples, **drawn, counts=counts, random_state=rng)
    width = len(str(n_samples))
    names = {name: getattr(generator, f"{name}_in_", None) for name in ("window", "oriented")}
    return {
        "X": signals if signals.ndim == 3 else signals[:, :, None],
        "y": drawn.get("y"),
        "cell": drawn.get("cell", np.repeat("generated", n_samples)),
        "gene": np.array([f"made{number:0{width}}" for number in range(1, n_samples + 1)]),
        "marks": getattr(generator, "mark_names_in_", None),
        "bin_size": getattr(generator, "bin_size_in_", 100),
        **names,
    }


def _draw_conditions(generator, n_samples, rng):
    """Return classes and cell types as often as in training, as far as the generator has them."""
    import numpy as np

    codes = generator.sample_codes(n_samples, random_state=rng)
    drawn, start = {}, generator.generator_.latent_dim
    for name, attribute in (("y", "classes_"), ("cell", "cells_")):
        if (values := getattr(generator, attribute, None)) is not None:
            stop = start + len(values)
            drawn[name] = np.asarray(values)[codes[:, start:stop].argmax(axis=1)]
            start = stop
    return drawn


def _known(generator, attribute, names, option):
    """Return the labels that are called so; refuse those that the generator was fitted without."""
    values = getattr(generator, attribute, None)
    if values is None:
        what = "classes" if attribute == "classes_" else "several cell types"
        raise ValueError(f"{option}: this generator does not know {what}. Leave the option out.")
    by_name = {str(value): value for value in values.tolist()}
    for name in names:
        if name not in by_name:
            raise ValueError(f"{option} {name}: the generator was fitted to {', '.join(by_name)}.")
    return [by_name[name] for name in names]
