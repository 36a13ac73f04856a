"""A user's own torch module behind the layer that scales signals."""

import inspect

import torch

from ..nn import HistoneCNN, SignalInput


class ScaledModule(torch.nn.Module):
    """A module behind the layer that scales signals.

    Parameters
    ----------
    n_bins, n_marks, n_classes : int
        Shape of the signals, and number of outputs.
    log1p : bool
        See :class:`~histoexpr.nn.SignalInput`.
    scale_shape : tuple of int
        Shape of the input scaling.
    module : callable or None
        Called with those of ``n_bins``, ``n_marks``, ``n_classes`` and ``n_outputs`` that it
        takes, and with ``module_params``; returns a torch module. None is for
        :class:`~histoexpr.nn.HistoneCNN`.
    module_params : dict
        Further arguments.

    Shape
    -----
    - Input: ``(batch, n_bins, n_marks)``
    - Output: ``(batch, n_classes)``
    """

    def __init__(self, n_bins, n_marks, n_classes, *, log1p, scale_shape, module, module_params):
        super().__init__()
        self.input = SignalInput(scale_shape, log1p)
        shape = {"n_bins": n_bins, "n_marks": n_marks}
        known = shape | {"n_classes": n_classes, "n_outputs": n_classes}
        module = HistoneCNN if module is None else module
        names = _parameters_of(module)
        arguments = {name: value for name, value in known.items() if name in names}
        self.body = module(**arguments | module_params)
        if not isinstance(self.body, torch.nn.Module) or not list(self.body.parameters()):
            raise ValueError(
                f"module={module!r} made {type(self.body).__name__}, which is no torch.nn.Module "
                "with weights to learn."
            )

    def forward(self, x):
        """Return the outputs of the module."""
        outputs = self.body(self.input(x))
        return outputs[:, None] if outputs.ndim == 1 else outputs


def _parameters_of(module):
    """Return the names of the arguments of a class or function that makes a module."""
    if isinstance(module, torch.nn.Module):
        raise TypeError(
            f"module is an instance of {type(module).__name__}: pass the class, and its arguments "
            "as module__NAME, so that every fit starts anew."
        )
    try:
        return inspect.signature(module).parameters
    except ValueError as error:
        raise TypeError(
            f"module={module!r} is no class or function that makes a torch.nn.Module."
        ) from error
