"""Cell, gene, chromosome and split of each sample, as one object that splitters take."""

import numpy as np


class SampleGroups:
    """The ``groups`` of a data set, one row a sample, with named columns.

    ``groups["cell"]`` is a column as an array, ``groups[rows]`` a part. Our splitters and
    classifiers read them. scikit-learn's own group tools would take each row for a group of its
    own, so that nothing would be grouped: asked for one plain array, the object refuses and names
    the columns.
    """

    def __init__(self, columns):
        self._columns = dict(columns)

    @property
    def columns(self):
        """Names of the columns, among them cell and gene."""
        return tuple(self._columns)

    @property
    def shape(self):
        """Number of samples, as the shape of one axis."""
        return (len(self),)

    def __len__(self):
        return len(self._columns["cell"])

    def __getitem__(self, key):
        if isinstance(key, str):
            if key not in self._columns:
                raise KeyError(f"groups has no {key!r}; it has {', '.join(self._columns)}.")
            return self._columns[key]
        if isinstance(key, tuple) and len(key) == 2 and key[1] is Ellipsis:
            key = key[0]  # as scikit-learn indexes what has a shape
        if np.ndim(key) == 0 and not isinstance(key, slice):
            return tuple(values[key] for values in self._columns.values())
        key = key if isinstance(key, slice) else np.asarray(key)
        return SampleGroups({name: values[key] for name, values in self._columns.items()})

    def __array__(self, dtype=None, copy=None):
        raise ValueError(
            "data.groups holds cell and gene of each sample, which scikit-learn's own splitters "
            "and tests would take for one group a sample: nothing would be grouped. Pass "
            "groups=data.cell to group by cell type, or groups=data.gene to keep the samples of "
            "a gene together; splitters of histoexpr, such as CrossCellSplit, take data.groups."
        )

    def __repr__(self):
        return f"SampleGroups of {len(self):,} samples: {', '.join(self._columns)}"
