"""Whether bins run along transcription or along the genome, and turning them."""

import numpy as np

# What each known orientation is called
DIRECTIONS = {True: "along transcription", False: "along the genome"}


def check_oriented(oriented):
    """Return whether bins run along transcription, as bool, or None where it is not known."""
    if oriented is not None and not isinstance(oriented, bool | np.bool_):
        raise ValueError(
            "oriented must be True (bins run along transcription), False (along the genome) or "
            f"None (not known), got {oriented!r}."
        )
    return None if oriented is None else bool(oriented)


def turn(dataset, oriented):
    """Return the signals of a data set with bins in the direction wanted.

    Those of genes on the minus strand are reversed. ValueError if the direction, a strand or the
    place of the TSS forbids it.
    """
    if dataset.oriented is None:
        raise ValueError(
            "It is not known whether the bins of this data set run along transcription or along "
            "the genome. State it first: data.replace(oriented=False)."
        )
    strand = dataset.strand
    unknown = np.arange(len(dataset)) if strand is None else np.flatnonzero(strand == ".")
    if len(unknown):
        raise ValueError(
            f"{len(unknown)} sample(s) have no strand, the first being gene "
            f"{dataset.gene[unknown[0]]} in cell {dataset.cell[unknown[0]]}: their bins cannot be "
            "turned. Give strands with data.replace(strand=...), or leave these samples out."
        )
    start, stop = dataset.window
    if start != -stop:
        raise ValueError(
            f"The window ({start}, {stop}) is not symmetric around the TSS: its mirror image "
            "covers other positions. Choose a symmetric one with WindowSelector, or build the "
            "data set anew."
        )
    minus = np.flatnonzero(strand == "-")
    X = np.array(dataset.X)
    X[minus] = X[minus][:, ::-1]
    return X
