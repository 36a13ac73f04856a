"""What the estimators of a user's own torch module share."""

import numpy as np

from .. import _training as training
from .._training import store_parameters
from ._base import BaseNetworkEstimator

_PREFIX = "module__"


class ModuleOwner(BaseNetworkEstimator):
    """Base of estimators of any torch module, with its arguments as parameters ``module__...``."""

    _parameter_constraints: dict = {"module": [callable, None]}

    @property
    def _network(self):
        from ._scaled_module import ScaledModule

        return ScaledModule

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
        module = net.module_
        some = np.zeros((2, self.n_bins_in_, self.n_marks_in_), dtype=np.float32)
        shape = training.output_shape(module, some)
        if shape != (2, self._n_outputs):
            raise ValueError(
                f"The module gives {shape} for signals {some.shape}; expected "
                f"(2, {self._n_outputs}): a row for each sample with {self._n_outputs} "
                f"output{'s' * (self._n_outputs > 1)}, which it is told as n_outputs or n_classes."
            )
        return net
