"""Which way the bins of a data set run: along transcription or along the genome."""

import warnings

import numpy as np

from ..exceptions import HistoexprWarning
from ..utils import ORIENTATIONS


def check_oriented(oriented):
    """Return True, False or None; raise ValueError for anything else."""
    if oriented is None or isinstance(oriented, bool | np.bool_):
        return None if oriented is None else bool(oriented)
    raise ValueError(
        "oriented must be True (bins along transcription), False (along the genome) or None "
        f"(unknown), got {oriented!r}."
    )


def join_oriented(datasets):
    """Return the orientation of data sets that are joined; refuse two that are known to differ.

    Known and unknown together are unknown, with a warning: the unknown ones may run either way,
    and what is passed on as known is relied on by estimators.
    """
    found = [dataset.oriented for dataset in datasets]
    known = {oriented for oriented in found if oriented is not None}
    if len(known) > 1:
        other = next(n for n, o in enumerate(found) if o is not None and o != _first(found))
        raise ValueError(
            f"Data set {other} has {ORIENTATIONS[found[other]]} (oriented={found[other]}), but "
            f"data set {found.index(_first(found))} has {ORIENTATIONS[_first(found)]}. Turn one "
            "of them first: data.orient() gives bins along transcription, data.orient(False) "
            "along the genome."
        )
    if known and None in found:
        warnings.warn(
            f"The orientation of data set {found.index(None)} is unknown, so that of the joined "
            "one is, too. If you know it, say so first: data.replace(oriented=True) for bins "
            "along transcription, False for bins along the genome.",
            HistoexprWarning,
            stacklevel=3,
        )
        return None
    return next(iter(known), None)


def _first(found):
    return next(oriented for oriented in found if oriented is not None)


def oriented_of_meta(meta):
    """Return the orientation of a data set saved before it was recorded, from how it was built.

    Genes without a strand were left along the genome then: with any of them it is unknown.
    """
    flipped = meta.get("flip_minus_strand")
    if not isinstance(flipped, bool):
        return None
    report = meta.get("report")
    genes = report.get("genes") if isinstance(report, dict) else None
    mixed = flipped and (not isinstance(genes, dict) or genes.get("not_flipped", 0))
    return None if mixed else flipped


class Orientation:
    """The part of a data set that turns its bins."""

    oriented = None  # in pickles of earlier versions

    def orient(self, oriented=True):
        """Return the data set with its bins along transcription, or along the genome.

        The bins of genes on the minus strand are reversed, those on the plus strand stay. ``X``
        is copied into memory.

        Parameters
        ----------
        oriented : bool, default=True
            True: from upstream to downstream along each gene's strand. False: along the genome,
            as in the DeepChrome layout.

        Returns
        -------
        HistoneDataset
            This one itself, if its bins run so already.

        Raises
        ------
        ValueError
            If the orientation or a strand is unknown, naming the first such gene, or the window
            is not symmetric around the TSS.

        Notes
        -----
        A window that is reversed here is mirrored at the border of the TSS's base, one that
        :func:`histoexpr.tracks.build_dataset` orients at its centre: for genes on the minus
        strand that one covers [TSS - last + 1, TSS - first + 1), and ``orient`` what there is,
        [TSS - last, TSS - first). Bins that were turned to run along transcription lie one base
        further downstream there than the window says.

        Examples
        --------
        >>> from histoexpr import HistoneDataset
        >>> data = HistoneDataset(
        ...     [[[1], [2]], [[3], [4]]], cell=["E003"] * 2, gene=["g1", "g2"],
        ...     strand=["+", "-"], oriented=False,
        ... )
        >>> data.orient().X[:, :, 0].tolist()
        [[1, 2], [4, 3]]
        """
        oriented = check_oriented(oriented)
        if oriented is None:
            raise ValueError("oriented must be True or False: which way the bins are to run.")
        if self.oriented is None:
            raise ValueError(
                "It is unknown which way the bins run. Say it first: data.replace(oriented=False) "
                "if they run along the genome, as in the DeepChrome layout, oriented=True if "
                "along transcription."
            )
        if self.oriented == oriented:
            return self
        minus = self._is_minus()
        start, stop = self.window
        if start != -stop:
            raise ValueError(
                f"The window {(start, stop)} is not symmetric around the TSS: reversed bins "
                f"would cover {(-stop, -start)}. Build the data set again, or keep a part that "
                "is symmetric: WindowSelector((-n, n)).fit_transform(data)."
            )
        X = np.array(self.X)
        X[minus] = X[minus, ::-1]
        return self._with_samples(self._samples, X=X, oriented=oriented)

    def _is_minus(self):
        """Return whether each gene is on the minus strand; refuse genes without a strand."""
        if self.strand is None:
            raise ValueError(
                "The data set has no column strand, which says what bins to reverse. Add it: "
                "data.replace(strand=[...])."
            )
        minus = self.strand == "-"
        unknown = ~minus & (self.strand != "+")
        if unknown.any():
            row = unknown.argmax()
            genes = f"{len(np.unique(self.gene[unknown])):,} of {len(self.genes):,} genes"
            raise ValueError(
                f"{genes} have no strand, the first {self.gene[row]} (strand "
                f"{str(self.strand[row])!r}). Give them one with data.replace(strand=[...]), or "
                "leave them out: data.take(data.strand != '.')."
            )
        return minus
