"""From the parameters of a classifier to its network and the plan of its training."""

import inspect
from dataclasses import fields
from numbers import Integral

from .._training import TrainingPlan, build_net
from ..utils import signal_moments

_PLANNED = [field.name for field in fields(TrainingPlan)]


class NetworkOwner:
    """Builds the class of :mod:`histoexpr.nn` that a classifier names as ``_network``.

    The arguments of the network are parameters of the classifier of the same name; beside
    them come ``n_bins``, ``n_marks``, ``n_classes`` and ``scale_shape``, as far as the
    network takes them.
    """

    _network = None

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
        return self._module_arguments() | {
            "classes": self.classes_.tolist(),
            "standardize": self.standardize,
        }

    def _module_arguments(self):
        known = {
            "n_bins": self.n_bins_in_,
            "n_marks": self.n_marks_in_,
            "n_classes": len(self.classes_),
            "scale_shape": self._scale_shape(),
        }
        names = inspect.signature(self._network).parameters
        arguments = {name: known[name] if name in known else getattr(self, name) for name in names}
        if "hidden_sizes" in arguments:
            arguments["hidden_sizes"] = self._check_sizes(self.hidden_sizes)
        return arguments

    def _build(self, plan):
        self._fitted_arguments = self._network_identity()
        return build_net(self._network, self._module_arguments(), plan, len(self.classes_))

    def _check_sizes(self, sizes):
        sizes = tuple(sizes)
        if not all(isinstance(size, Integral) and size > 0 for size in sizes):
            raise ValueError(f"The hidden_sizes must hold positive integers, got {sizes!r}.")
        return tuple(int(size) for size in sizes)

    def _scale_shape(self):
        per_bin = self.standardize == "bin"
        return (self.n_bins_in_, self.n_marks_in_) if per_bin else (self.n_marks_in_,)

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
