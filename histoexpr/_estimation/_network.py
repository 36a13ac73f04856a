"""From the parameters of an estimator to its network and the plan of its training."""

import inspect
from dataclasses import fields
from numbers import Integral

import numpy as np

from .. import _training as training
from ..utils import mean_signal, signal_moments

# Of the mean signal of a mark. On real cells (benchmarks/real_data.py) 0.1 to 0.3 was best for
# sums over regions of any width, and of 0.05 to 1 all were alike for the CNN.
_PSEUDOCOUNT = 0.2


class NetworkOwner:
    """Builds the class of :mod:`histoexpr.nn` that an estimator names as ``_network``.

    The network takes parameters of the estimator of the same name, and beside them some of
    ``n_bins``, ``n_marks``, ``n_classes`` (the number of outputs) and ``scale_shape``.
    """

    def _check_continuable(self, before):
        """Raise ValueError if a warm start cannot go on from the fitted net."""
        if not (self.warm_start and "_fitted_arguments" in before):
            return
        fitted, expected = before["_fitted_arguments"], self._network_identity()
        changed = [key for key in expected if fitted.get(key) != expected[key]]
        if changed:
            text = ", ".join(f"{k}={fitted.get(k)!r}, now {expected[k]!r}" for k in changed)
            raise ValueError(
                "Setting warm_start=True goes on with the network of the last fit, but it was "
                f"built for {text}. Use warm_start=False."
            )

    def _network_identity(self):
        """Return what two networks must share for their weights to mean the same."""
        shared = {"standardize": self.standardize, "pseudocount": self.pseudocount}
        return self._module_arguments() | shared | self._target_identity()

    def _module_arguments(self):
        shape = self.n_bins_in_, self.n_marks_in_
        known = {"n_bins": shape[0], "n_marks": shape[1], "n_classes": self._n_outputs}
        known["scale_shape"] = shape if self.standardize == "bin" else shape[1:]
        names = inspect.signature(self._network).parameters
        arguments = {name: known[name] if name in known else getattr(self, name) for name in names}
        if "hidden_sizes" in arguments:
            sizes = tuple(self.hidden_sizes)
            if not all(isinstance(size, Integral) and size > 0 for size in sizes):
                raise ValueError(f"The hidden_sizes must hold positive integers, got {sizes!r}.")
            arguments["hidden_sizes"] = tuple(int(size) for size in sizes)
        return arguments

    def _build(self, plan):
        self._fitted_arguments = self._network_identity()
        return training.build_net(self._network, self._module_arguments(), plan)

    def _set_scale(self, module, X, weight, rows):
        """Learn pseudocount, center and scale of the network's input."""
        how = {"rows": rows, "sample_weight": weight}
        if self.log1p:
            module.input.set_unit(self._pseudocount(mean_signal(X, **how)))
        if self.standardize is not None:
            how["unit"] = module.input.unit.cpu().numpy() if self.log1p else None
            moments = signal_moments(X, log1p=self.log1p, per=self.standardize, **how)
            module.input.set_scale(*moments)

    def _pseudocount(self, mean):
        """Return what a mark with that mean signal is divided by before the logarithm."""
        if self.pseudocount != "auto":
            return np.full(mean.shape, self.pseudocount)
        return np.where(mean > 0, _PSEUDOCOUNT * mean, 1.0)

    def _plan(self, **changes):
        settings = {"device": self.device_, "name": type(self).__name__, "score": self._score}
        planned = [field.name for field in fields(training.TrainingPlan)]
        own = {name: getattr(self, name) for name in planned if hasattr(self, name)}
        return training.TrainingPlan(**own | settings | changes)
