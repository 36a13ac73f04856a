"""Arrays that name their axes, as those of xarray do, which is not imported."""

import re

import numpy as np

# Names of axes, in the singular and without n_ and _id, and what they are
_ROLES = {
    role: tuple(names.split())
    for role, names in {
        "sample": "sample gene transcript promoter tss region locus peak observation ob row",
        "bin": "bin position po offset distance bp base coordinate location length window x",
        "mark": "mark histone assay track channel modification target antibody experiment",
    }.items()
}
_ORDER = tuple(_ROLES)


def has_named_axes(X):
    """Whether X is an array of xarray, or something as good, or a collection of such."""
    return all(hasattr(X, part) for part in ("dims", "coords", "values"))


def read_named_axes(X, name="X"):
    """Return the values, the names of the marks or None, and whether the axes have names.

    Axes are put in the order sample, bin, mark by their names; those with unknown names take the
    places that are left, in their order. Two axes become three if they are samples and bins or
    marks. Marks are named by the coordinates of their axis, if these are text.
    """
    if callable(X.values):
        raise ValueError(
            f"{name} is a {type(X).__name__} of several arrays; pass one of them, such as "
            f"{name}['signal'], or join them with to_dataarray(dim='mark')."
        )
    values, dims = np.asarray(X.values), [str(dim) for dim in X.dims]
    roles = [_role(dim) for dim in dims]
    known = [role for role in roles if role is not None]
    if len(set(known)) < len(known):
        raise ValueError(
            f"{name} has the axes {', '.join(dims)}, of which two mean the same. Name them "
            "sample, bin and mark."
        )
    if values.ndim == 2:
        return _read_two_axes(X, values, roles)
    if values.ndim != 3:
        return values, None, False
    missing = [role for role in _ORDER if role not in known]
    roles = [missing.pop(0) if role is None else role for role in roles]
    order = [roles.index(role) for role in _ORDER]
    return values.transpose(order), _marks(X, order[2]), len(known) > 1


def _read_two_axes(X, values, roles):
    """Return samples of one mark, or of one bin, with three axes; others with two."""
    if "sample" not in roles and None in roles and roles != [None, None]:
        roles[roles.index(None)] = "sample"
    if "sample" not in roles:
        return values, None, False
    samples = roles.index("sample")
    values, other = values.transpose([samples, 1 - samples]), 1 - samples
    if roles[other] == "bin":
        return values[:, :, None], None, True
    if roles[other] == "mark":
        return values[:, None, :], _marks(X, other), True
    return values, None, False


def _role(dim):
    """Return what an axis is from its name, None if unknown."""
    stem = re.sub(r"^(n|num|tss)_|_(id|ids|name|names|index|type|bp)$", "", dim.lower())
    for role, names in _ROLES.items():
        if stem in names or stem.removesuffix("s") in names:
            return role
    return "mark" if stem in ("assays", "histone_mark", "histone_marks") else None


def _marks(X, axis):
    """Return the names of the marks from the coordinates of their axis, None if not text."""
    dim = X.dims[axis]
    if dim not in X.coords:
        return None
    names = np.asarray(getattr(X.coords[dim], "values", X.coords[dim])).tolist()
    names = names if isinstance(names, list) else [names]
    text = [name.decode() if isinstance(name, bytes) else name for name in names]
    return text if text and all(isinstance(name, str) for name in text) else None
