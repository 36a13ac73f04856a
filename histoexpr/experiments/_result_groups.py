"""What scores are averaged within: experiments, and the sizes of those that have several."""

import functools

import numpy as np

from ._score_means import mean_by_cell
from ._words import BASELINE


class ResultGroups:
    """The part of results that divides their table into groups."""

    @functools.cached_property
    def groups(self):
        """What scores are averaged within: name, experiment and sizes, as a list of dict.

        An experiment with several sizes makes one group of each.
        """
        found = {}
        columns = ["experiment", "regime", "n_genes", "n_cells"]
        for row in self.table[columns].drop_duplicates().itertuples(index=False):
            if row.experiment == BASELINE:
                continue
            sized = row.regime.endswith((" random", " nearest"))
            values = {"experiment": row.experiment, "n_genes": row.n_genes}
            values |= {"n_cells": row.n_cells} if sized else {}
            found[tuple(values.items())] = values | {"regime": row.regime}
        for values in found.values():
            same = [v for v in found.values() if v["experiment"] == values["experiment"]]
            parts = [values["experiment"]]
            parts += [
                f"{values[key]} {what if values[key] == 1 else what + 's'}"
                for key, what in (("n_cells", "cell"), ("n_genes", "gene"))
                if len({v.get(key) for v in same}) > 1
            ]
            values |= {"name": ", ".join(parts), "sized": len(same) > 1}
        return list(found.values())

    @property
    def plain_groups(self):
        """Those of ``groups`` that are no point of a size curve."""
        return [group for group in self.groups if not group["sized"]]

    def of_group(self, group, model):
        """Return the rows of a model in one of ``groups``.

        Parameters
        ----------
        group : dict
            One of ``groups``. With regime "each" the test cell's own fit is left out: it is
            the diagonal of the matrix.
        model : str
            Name of the model.

        Returns
        -------
        DataFrame
        """
        values = {key: group[key] for key in ("n_cells", "n_genes") if key in group}
        rows = self.select(group["experiment"], model, **values)
        if group["regime"] == "each":
            rows = rows[~is_own(rows)]
        return rows

    def by_group(self, group, model, metric="roc_auc"):
        """Return a score by test cell of a model in one of ``groups``, as :meth:`by_cell`."""
        return mean_by_cell(self.of_group(group, model), metric)


def is_own(rows):
    """Return which rows were trained on their test cell alone."""
    pairs = zip(rows["train_cells"], rows["test_cell"], strict=True)
    return np.array([cells == (cell,) for cells, cell in pairs], dtype=bool)
