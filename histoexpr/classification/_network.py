"""From the parameters of a classifier to its network and the plan of its training."""

import inspect
from dataclasses import fields
from numbers import Integral

from .._training import TrainingPlan, build_net
from ..utils import signal_moments

_PLANNED = [field.name for field in fields(TrainingPlan)]


class NetworkOwner:
    """Builds the class of :mod:`histoexpr.nn` that a classifier names as ``_network``.

    The network takes parameters of the classifier of the same name, and beside them some of
    ``n_bins``, ``n_marks``, ``n_classes`` and ``scale_shape``.
    """

    def _network_to_continue(self, before):
        """Return the fitted net that a warm start goes on from, or None."""
        if not (self.warm_start and "net_" in before):
            return None
        fitted, expected = before["_fitted_arguments"], self._network_identity()
        changed = [key for key in expected if fitted.get(key) != expected[key]]
        if changed:
            text = ", ".join(f"{k}={fitted.get(k)!r}, now {expected[k]!r}" for k in changed)
            raise ValueError(
                "Setting warm_start=True goes on with the network of the last fit, but it was "
                f"built for {text}. Use warm_start=False."
            )
        return before["net_"]

    def _network_identity(self):
        """Return what two networks must share for their weights to mean the same."""
        shared = {"classes": self.classes_.tolist(), "standardize": self.standardize}
        return self._module_arguments() | shared

    def _module_arguments(self):
        shape = self.n_bins_in_, self.n_marks_in_
        known = {"n_bins": shape[0], "n_marks": shape[1], "n_classes": len(self.classes_)}
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
        return build_net(self._network, self._module_arguments(), plan, len(self.classes_))

    def _set_scale(self, module, X, weight, rows):
        """Learn center and scale of the network's input."""
        if self.standardize is not None:
            settings = {"log1p": self.log1p, "per": self.standardize}
            moments = signal_moments(X, rows=rows, sample_weight=weight, **settings)
            module.input.set_scale(*moments)

    def _plan(self, **changes):
        settings = {"device": self.device_, "name": type(self).__name__} | changes
        own = {name: getattr(self, name) for name in _PLANNED if hasattr(self, name)}
        return TrainingPlan(**own | settings)
