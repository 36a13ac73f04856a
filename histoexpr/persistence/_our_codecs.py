"""How objects of ours are kept that their attributes alone do not describe."""

import hashlib
import math
from typing import NamedTuple

import numpy as np


class Tuple:
    """A named tuple of arrays of one length, and numbers."""

    @staticmethod
    def take(value, where):
        """Return no parameters, and the fields."""
        return {}, value._asdict()

    @staticmethod
    def make(cls, params, state, where):
        """Return the tuple."""
        lengths = {len(item) for item in state.values() if isinstance(item, np.ndarray)}
        if len(lengths) > 1:
            raise ValueError(f"{where} ({cls.__name__}) has parts of different lengths")
        return cls(**state)


class PlainObject:
    """A polynomial: no estimator, all attributes are kept."""

    @staticmethod
    def take(value, where):
        """Return no parameters, and the attributes."""
        return {}, dict(vars(value))

    @staticmethod
    def make(cls, params, state, where):
        """Return the object, after a check of the number of its terms."""
        n, degree = len(state["low_"]), state["degree"]
        n_terms = math.comb(n + degree, degree) - 1 if degree <= 5 and n <= 100 else -1
        inputs = [state[name].shape for name in ("low_", "high_", "mean_", "scale_")]
        terms = [state[name].shape for name in ("term_mean_", "term_scale_", "coef_")]
        if {*inputs} != {(n,)} or {*terms} != {(n_terms,)}:
            raise ValueError(f"{where} (Polynomial) has terms that do not fit its degree")
        made = cls.__new__(cls)
        vars(made).update(state)
        return made


class ExpressionTableCodec:
    """An expression table, checked by its own constructor."""

    @staticmethod
    def take(value, where):
        """Return no parameters, and the table."""
        parts = {name: getattr(value, name) for name in ("values", "genes", "cells", "unit")}
        return {}, parts

    @staticmethod
    def make(cls, params, state, where):
        """Return the table."""
        return cls(state["values"], state["genes"], state["cells"], unit=state["unit"])


_ANOTHER = "the reference is not the one it was fitted with"


class Elsewhere(NamedTuple):
    """Logarithms of expression that are not in the file: their hash, and the table given for them.

    ``table`` is anything that ReferenceClassifier takes as a reference, or None.
    """

    sha256: str
    table: object = None

    def find(self, genes, cells):
        """Return the logarithms of the table, by genes and cells; ValueError for another table."""
        from ..transfer import as_table

        if self.table is None:
            raise ValueError(
                "it needs the expression of its reference cells, which is not in the file. Pass "
                "reference=, the table that it was fitted with"
            )
        try:
            log2 = as_table(self.table).select(genes=genes, cells=cells).log2_values()
        except ValueError as error:
            raise ValueError(f"{_ANOTHER}: {error}") from error
        if hash_values(log2) != self.sha256:
            raise ValueError(f"{_ANOTHER}: genes and cells are the same, and values differ")
        return log2


def hash_values(log2):
    """Return the SHA-256 of logarithms of expression, (n_genes, n_cells)."""
    return hashlib.sha256(np.ascontiguousarray(log2, dtype="<f8").tobytes()).hexdigest()


class ReferenceTableCodec:
    """A reference by its logarithms: ranks follow from them."""

    @staticmethod
    def take(value, where):
        """Return no parameters, and logarithms, names and what other names were found."""
        state = {name: getattr(value, name) for name in ("genes", "cells", "log2")}
        return {}, {**state, "spelled": dict(value._spelled)}

    @staticmethod
    def make(cls, params, state, where):
        """Return the reference."""
        from ..datasets import ExpressionTable

        if isinstance(state["log2"], Elsewhere):
            state["log2"] = state["log2"].find(state["genes"], state["cells"])
        table = ExpressionTable(state["log2"], state["genes"], state["cells"], unit=LOG2_UNIT)
        made = cls(table)
        if any(row >= len(table.genes) for row in state["spelled"].values()):
            raise ValueError(f"{where} refers to genes that it does not have")
        made._spelled = state["spelled"]
        return made


LOG2_UNIT = "log2 expression"


class ReferenceEstimator:
    """An estimator with a reference, which a file holds once, as logarithms.

    Made again, its parameter ``reference`` is that table.
    """

    @staticmethod
    def take(value, where):
        """Return the parameters without the reference, and the attributes."""
        params = value.get_params(deep=False)
        state = {name: item for name, item in vars(value).items() if name not in params}
        if state:
            params["reference"] = None
        elif params["reference"] is not None:
            from ..transfer import as_table

            params["reference"] = as_table(params["reference"])
        params["exclude"] = [str(cell) for cell in params["exclude"]]
        return params, state or None

    @staticmethod
    def make(cls, params, state, where):
        """Return the estimator."""
        from ..datasets import ExpressionTable

        made = cls(**params)
        made._validate_params()
        if state is not None:
            table = state["_table"]
            if table is not None:
                made.reference = ExpressionTable(
                    table.log2, table.genes, table.cells, unit=LOG2_UNIT
                )
            vars(made).update(state)
        return made
