"""What the estimators of a user's own torch module share."""

import inspect

import torch

from .._training import store_parameters
from ..nn import HistoneCNN, SignalInput
from ._base import BaseNetworkEstimator

_PREFIX = "module__"


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
            f"as {_PREFIX}NAME, so that every fit starts anew."
        )
    try:
        return inspect.signature(module).parameters
    except ValueError as error:
        raise TypeError(
            f"module={module!r} is no class or function that makes a torch.nn.Module."
        ) from error


class ModuleOwner(BaseNetworkEstimator):
    """Base of estimators of any torch module, with its arguments as parameters ``module__...``."""

    _network = ScaledModule
    _parameter_constraints: dict = {"module": [callable, None]}

    def get_params(self, deep=True):
        """Return the parameters by name, those of the module as ``module__...``.

        Parameters
        ----------
        deep : bool, default=True
            As in scikit-learn.

        Returns
        -------
        dict
        """
        return super().get_params(deep) | self._own_params()

    def set_params(self, **params):
        """Set parameters, those of the module as ``module__...``.

        Parameters
        ----------
        **params
            New values by name.

        Returns
        -------
        self : object
        """
        own = {name: value for name, value in params.items() if name.startswith(_PREFIX)}
        vars(self).update(own)
        return super().set_params(**{k: v for k, v in params.items() if k not in own})

    def _own_params(self):
        return {name: value for name, value in vars(self).items() if name.startswith(_PREFIX)}

    def _store(self, parameters, module_params):
        """Set the parameters, and those of the module; ``parameters`` are ``locals()``."""
        wrong = [name for name in module_params if not name.startswith(_PREFIX)]
        if wrong:
            raise TypeError(
                f"{type(self).__name__} has no parameter {wrong[0]!r}. Arguments of the module "
                f"are passed as {_PREFIX}{wrong[0]}."
            )
        store_parameters(self, {k: v for k, v in parameters.items() if v is not module_params})
        vars(self).update(module_params)

    def _module_arguments(self):
        vars(self)["module_params"] = {
            name.removeprefix(_PREFIX): value for name, value in self._own_params().items()
        }
        try:
            return super()._module_arguments()
        finally:
            del self.module_params

    def _build(self, plan):
        net = super()._build(plan)
        module = net.module_.eval()
        with torch.no_grad():
            some = torch.zeros(2, self.n_bins_in_, self.n_marks_in_, device=self.device_)
            shape = tuple(module(some).shape)
        module.train()
        if shape != (2, self._n_outputs):
            raise ValueError(
                f"The module gives {shape} for signals {tuple(some.shape)}; expected "
                f"(2, {self._n_outputs}): a row for each sample with {self._n_outputs} "
                f"output{'s' * (self._n_outputs > 1)}, which it is told as n_outputs or n_classes."
            )
        return net
