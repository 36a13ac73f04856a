"""Docstrings of the public interface list exactly the parameters, with their defaults."""

import ast
import importlib
import inspect
import pkgutil
import re

import pytest

import histoexpr

# The rooms whose docstrings are complete
ROOMS = sorted(
    {module.name for module in pkgutil.iter_modules(histoexpr.__path__)}
    - {"__main__", "_training", "cli"}
)

_SECTION = re.compile(r"^(\w[\w ]*)\n-+$", re.MULTILINE)


def public_objects(rooms):
    """Return functions, classes and public methods of rooms and their sub-rooms, by name."""
    found = {}
    for room in rooms:
        module = importlib.import_module(f"histoexpr.{room}")
        modules = [module]
        for part in pkgutil.iter_modules(getattr(module, "__path__", ())):
            if part.ispkg:
                modules.append(importlib.import_module(f"{module.__name__}.{part.name}"))
        for module in modules:
            for name in module.__all__:
                value = getattr(module, name)
                if inspect.isclass(value) or inspect.isfunction(value):
                    found[f"{module.__name__}.{name}"] = value
                if inspect.isclass(value):
                    found |= {
                        f"{module.__name__}.{name}.{method}": function
                        for method, function in inspect.getmembers(value, inspect.isroutine)
                        if not method.startswith("_") and _is_ours(function)
                    }
    return {name: value for name, value in found.items() if _is_ours(value)}


def _is_ours(value):
    return (getattr(value, "__module__", None) or "").startswith("histoexpr")


def sections(docstring):
    """Return the sections of a numpydoc docstring by title."""
    parts = _SECTION.split(docstring)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def documented_parameters(section):
    """Return the text after the colon by the name of the parameter."""
    found = {}
    for line in section.replace("\\\n", " ").splitlines():
        if line and not line.startswith(" "):
            names, _, text = line.partition(" : ")
            found |= {name.strip(): text for name in names.split(",")}
    return found


def faults(value):
    """Return what is wrong with the parameters in a docstring, as a list of texts."""
    docstring = inspect.getdoc(value)
    if not docstring:
        return ["no docstring"]
    is_class = inspect.isclass(value)
    if is_class and not _is_ours(value.__init__):
        return []
    parts = sections(docstring)
    # objects that users are given but do not make, and docstrings of one line
    brief = "Attributes" in parts if is_class else "\n\n" not in docstring
    if "Parameters" not in parts and brief:
        return []
    given = {}
    for name, parameter in inspect.signature(value).parameters.items():
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}
        if name not in ("self", "cls"):
            given[stars.get(parameter.kind, "") + name] = parameter.default
    known = documented_parameters(parts.get("Parameters", ""))
    if list(known) != list(given):
        return [f"documented are {list(known)}, but there are {list(given)}"]
    found = [fault_of_default(name, text, given[name]) for name, text in known.items()]
    return [fault for fault in found if fault]


def fault_of_default(name, text, default):
    """Return what is wrong with the default in the type of a parameter, None if nothing."""
    documented = re.search(r"default=(.+)$", text)
    if documented is None:
        if default in (inspect.Parameter.empty, None):
            return None
        return f"{name} has no default=, but is {default!r} by default"
    try:
        value = ast.literal_eval(documented[1])
    except (SyntaxError, ValueError):
        return None
    if value == default and type(value) is type(default):
        return None
    return f"{name} is {default!r} by default, documented is {documented[1]}"


OBJECTS = public_objects(ROOMS)


@pytest.mark.parametrize("name", OBJECTS)
def test_parameters_and_defaults_are_documented(name):
    assert faults(OBJECTS[name]) == []


def test_the_check_finds_faults():
    def function(a, b=1, *, c="x", d=None):
        """Do something.

        Parameters
        ----------
        a : int
        b : int, default=2
        c : str
        d : int, optional
        """

    assert faults(function) == [
        "b is 1 by default, documented is 2",
        "c has no default=, but is 'x' by default",
    ]
    function.__doc__ = "Do.\n\nParameters\n----------\na, b : int\n"
    assert faults(function) == ["documented are ['a', 'b'], but there are ['a', 'b', 'c', 'd']"]
