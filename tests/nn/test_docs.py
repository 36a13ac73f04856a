"""Documentation of all networks."""

import inspect

import pytest
from torch import nn

import histoexpr.nn

MODULES = [value for value in vars(histoexpr.nn).values() if inspect.isclass(value)]


@pytest.mark.parametrize("cls", MODULES)
def test_every_module_states_its_shapes(cls):
    assert issubclass(cls, nn.Module)
    section = inspect.getdoc(cls).split("Shape\n-----\n")[1]
    assert section.startswith("- Input: ")
    assert "\n- Output: " in section


@pytest.mark.parametrize("cls", MODULES)
def test_every_argument_is_documented_with_its_default(cls):
    for name, parameter in inspect.signature(cls).parameters.items():
        heads = [
            line
            for line in inspect.getdoc(cls).splitlines()
            if " : " in line and name in line.split(" : ")[0].split(", ")
        ]
        assert len(heads) == 1, name
        if parameter.default is not parameter.empty:
            assert eval(heads[0].split("default=")[1]) == parameter.default
