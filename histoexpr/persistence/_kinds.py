"""The classes that a model file may hold, found by name; nothing else is ever imported."""

from typing import NamedTuple

import numpy as np

from . import _rooms
from ._checks import sizes_of
from ._our_kinds import OUR_KINDS, OURS
from ._sklearn_kinds import SKLEARN_CODECS, SKLEARN_KINDS

# Functions and classes of networks that parameters may name
_UFUNCS = (
    np.log, np.log2, np.log10, np.log1p, np.exp, np.expm1, np.sqrt, np.cbrt, np.square,
    np.absolute, np.sign, np.arcsinh, np.sinh, np.tanh,
)  # fmt: skip
_NETWORKS = ("HistoneCNN", "HistoneMLP", "HistoneLinear")


class Kind(NamedTuple):
    """A class that can be kept: its name in files, where it is, and its attributes.

    ``fields`` has the check of each attribute that ``fit`` sets, ``optional`` the names of those
    that may be missing. A ``codec``, where there is one, says what is kept of an object
    (``take(value)``) and makes it again (``make(cls, params, state)``).
    """

    name: str
    room: object
    attribute: str
    fields: dict | None = None
    optional: frozenset = frozenset()
    codec: object = None

    def load(self):
        """Return the class."""
        return getattr(self.room(), self.attribute)

    def take(self, value, where):
        """Return the parameters, and the attributes of a fitted one or None."""
        if self.codec is not None:
            return self.codec.take(value, where)
        params = value.get_params(deep=False)
        if hasattr(value, "_saved_state"):
            fitted = any(name.endswith("_") for name in vars(value))
            return params, value._saved_state() if fitted else None
        state = {name: item for name, item in vars(value).items() if name not in params}
        state = {name: item for name, item in state.items() if name not in _NOT_KEPT}
        if unknown := set(state) - set(self.fields):
            raise ValueError(
                f"{where} has the attribute {min(unknown)}, which a model file does not know of "
                f"a {self.attribute}. Fit another one without adding to it."
            )
        return params, state or None

    def make(self, params, state, where):
        """Return the object; ValueError if anything does not fit."""
        cls = self.load()
        if self.codec is None and hasattr(cls, "_restore_state"):
            made = _construct(cls, params, where)
            if state is not None:
                try:
                    made._restore_state(state)
                except (TypeError, KeyError, AttributeError, RuntimeError) as error:
                    raise ValueError(f"{where} is malformed ({error})") from error
            return made
        if state is not None and self.fields is not None:
            self._check(state, where)
        if self.codec is not None:
            return self.codec.make(cls, params, state, where)
        made = _construct(cls, params, where)
        vars(made).update(state or {})
        return made

    def _check(self, state, where):
        missing = set(self.fields) - set(state) - self.optional
        unknown = set(state) - set(self.fields)
        if missing or unknown:
            fault = f"lacks {min(missing)}" if missing else f"has an unknown {min(unknown)[:40]!r}"
            raise ValueError(f"{where} ({self.attribute}) {fault}")
        sizes = sizes_of(state)
        for name, value in state.items():
            try:
                self.fields[name](value, sizes)
            except ValueError as error:
                raise ValueError(f"{where}.{name} {error}") from error


# Attributes that only fit needs
_NOT_KEPT = frozenset(("_sklearn_output_config", "_metadata_request"))


def find_kind(value, where):
    """Return the kind of an object; ValueError says what to do about one that cannot be kept."""
    cls = type(value)
    for kind in KINDS.values():
        if cls.__name__ == kind.attribute and cls is kind.load():
            return kind
    qualified = f"{cls.__module__}.{cls.__qualname__}"
    if hasattr(value, "best_estimator_"):
        remedy = "Save its best_estimator_."
    elif callable(value) and not hasattr(value, "get_params"):
        qualified = getattr(value, "__qualname__", qualified)
        remedy = "Only some functions of NumPy can be kept, such as numpy.log1p."
    else:
        remedy = "Use joblib.dump for it, and tell who opens it that this runs code."
    raise ValueError(f"{where} is {qualified}, which cannot be kept safely. {remedy}")


def kind_by_name(name, where):
    """Return the kind that a file names."""
    if not isinstance(name, str) or name not in KINDS:
        raise ValueError(f"{where} is of the class {str(name)[:60]!r}, which is not allowed")
    return KINDS[name]


def name_of_callable(value):
    """Return the name in files of a function or class, None for what is neither or unknown."""
    if not callable(value) or (hasattr(value, "get_params") and not isinstance(value, type)):
        return None
    name = getattr(value, "__name__", None)
    for known in CALLABLES:
        # only a namesake is compared: a network is imported with torch
        if known.rpartition(".")[2] == name and callable_by_name(known, name) is value:
            return known
    return None


def callable_by_name(name, where):
    """Return the function or class that a file names."""
    if not isinstance(name, str) or name not in CALLABLES:
        raise ValueError(f"{where} is the function {str(name)[:60]!r}, which is not allowed")
    return CALLABLES[name]()


# Functions and classes of networks that parameters may name, and what returns each
CALLABLES = {f"numpy.{ufunc.__name__}": (lambda ufunc=ufunc: ufunc) for ufunc in _UFUNCS}
CALLABLES |= {
    f"histoexpr.nn.{name}": (lambda name=name: getattr(_rooms.nn(), name)) for name in _NETWORKS
}
CALLABLES["histoexpr.signed_log1p"] = lambda: _rooms.utils().signed_log1p


def _construct(cls, params, where):
    try:
        made = cls(**params)
    except TypeError as error:
        raise ValueError(
            f"{where} cannot be made by the versions that are installed ({error})"
        ) from error
    if not hasattr(made, "_parameter_constraints"):
        return made  # a part of one of our estimators
    try:
        made._validate_params()
    except (ValueError, TypeError) as error:
        raise ValueError(f"{where}: {error}") from error
    return made


def _make_kinds():
    """Return all kinds by their names in files."""
    tables = (("histoexpr", OUR_KINDS, OURS), ("sklearn", SKLEARN_KINDS, SKLEARN_CODECS))
    return {
        f"{root}.{name}": Kind(f"{root}.{name}", room, name, fields, optional, codecs.get(name))
        for root, kinds, codecs in tables
        for name, (room, fields, optional) in kinds.items()
    }


KINDS = _make_kinds()
