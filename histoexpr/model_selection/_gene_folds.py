"""Folds of genes: the same gene is in the same fold in all cells."""

from typing import NamedTuple

import numpy as np
from sklearn.utils import check_random_state


class GeneFolds(NamedTuple):
    """Names of the folds, and the fold in which each row's gene is tested.

    The fold is -1 for genes that are not used. Genes that are not divided have the names
    ``[None]`` and no codes.
    """

    names: list
    codes: np.ndarray | None = None

    def masks(self, number):
        """Return which rows have genes to train on, and to test on, in a fold."""
        if self.codes is None:
            return True, True
        test = self.codes == number
        return ~test & (self.codes >= 0), test


def gene_folds(groups, genes, *, n_splits, random_state, train_splits):
    """Divide the genes of CellGroups into GeneFolds, see :class:`CrossCellSplit`.

    A gene that would be in two folds is refused, and so are groups that lack a column.
    """
    if genes is None:
        return GeneFolds([None])
    need = ["gene", *{"split": ["split"], "chromosome": ["chrom"]}.get(genes, [])]
    for name in need:
        if getattr(groups, name) is None:
            raise ValueError(
                f"genes={genes!r} needs the {name} of each sample, but groups has only "
                f"{', '.join(n for n in groups._fields if getattr(groups, n) is not None)}. "
                "Pass HistoneDataset.groups, or a DataFrame or structured array with the "
                f"columns {', '.join(['cell', *need])}."
            )
    ids, index, rows = np.unique(groups.gene, return_index=True, return_inverse=True)
    if genes == "kfold":
        names, codes = _random_folds(len(ids), n_splits, random_state)
    else:
        name = need[1]
        values = getattr(groups, name)
        _check_one_each(groups.gene, values, values[index][rows], name)
        fold = _chromosome_folds if genes == "chromosome" else _predefined_folds
        names, codes = fold(values[index], train_splits if genes == "split" else n_splits)
    return GeneFolds(names, codes[rows])


def _check_one_each(gene, values, expected, name):
    missing = values == ""
    if missing.any():
        raise ValueError(
            f"groups lacks the {name} of {missing.sum()} sample(s), the first being gene "
            f"{gene[missing.argmax()]}. Leave these samples out."
        )
    differs = values != expected
    if differs.any():
        row = differs.argmax()
        raise ValueError(
            f"Gene {gene[row]} has {name} {expected[row]} in one sample and {values[row]} "
            "in another, so it would be trained and tested on. A gene needs the same "
            f"{name} in all cells."
        )


def _random_folds(n_genes, n_splits, random_state):
    if n_splits > n_genes:
        raise ValueError(f"n_splits={n_splits} is more than the {n_genes} genes in groups.")
    codes = np.empty(n_genes, dtype=int)
    order = check_random_state(random_state).permutation(n_genes)
    codes[order] = np.arange(n_genes) % n_splits
    return [str(number) for number in range(1, n_splits + 1)], codes


def _chromosome_folds(chrom, n_splits):
    """Assign chromosomes, largest first, to the fold with fewest genes so far."""
    chroms, rows, counts = np.unique(chrom, return_inverse=True, return_counts=True)
    if n_splits > len(chroms):
        raise ValueError(
            f"n_splits={n_splits} is more than the {len(chroms)} chromosome(s) in groups: "
            f"{', '.join(chroms)}."
        )
    sizes = np.zeros(n_splits, dtype=int)
    fold = np.empty(len(chroms), dtype=int)
    for number in np.argsort(-counts, kind="stable"):
        fold[number] = sizes.argmin()
        sizes[fold[number]] += counts[number]
    names = ["+".join(chroms[fold == number]) for number in range(n_splits)]
    return names, fold[rows]


def _predefined_folds(split, train_splits):
    present = np.unique(split)
    for wanted in ("test", *train_splits):
        if wanted not in present:
            raise ValueError(
                f"No gene has split {wanted!r}; groups has {', '.join(present)}. Splits "
                f"trained on are {', '.join(train_splits)}, split tested on is test."
            )
    codes = np.full(len(split), -1)
    codes[np.isin(split, train_splits)] = 1
    codes[split == "test"] = 0
    return ["test"], codes
