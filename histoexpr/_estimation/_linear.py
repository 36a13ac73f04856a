"""What the linear classifier and the linear regressor share: regions, scales, coefficients."""

import time
from numbers import Integral, Real

import numpy as np

from .. import _training as training
from ..utils import Interval, StrOptions, region_edges
from ._base import BaseNetworkEstimator
from ._plain_linear import PlainLinear
from ._samples import check_logits

# Penalty of alpha="auto" for each coefficient and sample
_AUTO_ALPHA = 0.4
_SETTINGS = ("n_regions", "pooling", "log1p", "mirror")
_ARGUMENTS = ("n_marks", "n_classes", *_SETTINGS)


class LinearNetwork(BaseNetworkEstimator):
    """Base of estimators of :class:`~histoexpr.nn.HistoneLinear`, solved directly or trained.

    A class states in ``_solve`` how the coefficients of scaled features are found. What is learned
    are arrays, with which NumPy predicts; the net of torch is made of them when it is asked for.
    """

    _two_d = "marks"
    _parameter_constraints: dict = {
        "n_regions": [Interval(Integral, 1, None, closed="left")],
        "pooling": [StrOptions({"mean", "max", "sum", "median", "min"})],
        "mirror": [StrOptions({"auto"}), "boolean"],
        "standardize": [StrOptions({"mark", "max"}), None],
        "alpha": [StrOptions({"auto"}), Interval(Real, 0, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
    }

    @property
    def _network(self):
        from ..nn import HistoneLinear

        return HistoneLinear

    @property
    def net_(self):
        """The fitted net of skorch, made when it is first asked for; a changed one predicts."""
        found = vars(self)
        if found.get("_net") is None:
            if "_linear" not in found:
                raise AttributeError(
                    f"This {type(self).__name__} is not fitted yet: it has no net_."
                )
            found["_net"] = self._net_of(found["_linear"])
        return found["_net"]

    @net_.setter
    def net_(self, net):
        vars(self)["_net"] = net
        self._linear = self._plain()

    def _net_of(self, linear):
        fitted = {name: self._fitted_arguments[name] for name in _ARGUMENTS}
        with training.isolated_torch_rng(0, self.device_):
            net = training.build_net(self._network, fitted, self._plan())
        training.load_weights(net.module_, linear.weights())
        net.module_.eval()
        return net

    def _plain(self):
        """Return the arrays, those of the net where there is one: it may have been changed."""
        net = vars(self).get("_net")
        if net is None:
            return self._linear
        settings = {name: self._fitted_arguments[name] for name in _SETTINGS}
        return PlainLinear.of_weights(training.weights_of(net.module_), **settings)

    def _compute(self, X):
        net = vars(self).get("_net")
        if net is not None and training.is_altered(net.module_):
            return super()._compute(X)
        return self._plain().outputs(X)

    def __getstate__(self):
        """Leave out a net that the arrays describe: what is loaded then predicts without torch."""
        state = super().__getstate__()
        net = state.get("_net")
        if net is None or net.optimizer_.state or training.is_altered(net.module_):
            return state
        return state | {"_net": None, "_linear": self._plain()}

    @property
    def coef_(self):
        """Coefficients of the pooled, scaled features."""
        return self._by_region(self._weights())

    @property
    def region_edges_(self):
        """Borders of the regions, in bp from the TSS if X says where bins lie, else in bins."""
        edges = np.asarray(region_edges(self.n_bins_in_, self.n_regions))
        if hasattr(self, "window_in_"):
            return self.window_in_[0] + edges * self.bin_size_in_
        return edges

    def _module_arguments(self):
        if self.n_regions > self.n_bins_in_ == 1:
            raise ValueError(
                f"n_regions={self.n_regions} needs bins, but X has marks that are pooled already. "
                "Pass X of shape (n_samples, n_bins, n_marks), or leave n_regions out."
            )
        region_edges(self.n_bins_in_, self.n_regions)  # are there bins enough?
        shape = {"n_marks": self.n_marks_in_, "n_classes": self._n_outputs}
        regions = {"n_regions": self.n_regions, "pooling": self.pooling}
        return shape | regions | {"log1p": bool(self.log1p), "mirror": self._mirrors()}

    def _mirrors(self):
        if self.mirror == "auto":
            return self.n_regions > 1 and getattr(self, "oriented_in_", None) is False
        return bool(self.mirror)

    def _by_region(self, weight):
        """Return weights (n_outputs, n_features) as (n_regions, n_marks) for each output."""
        if self.n_regions == 1:
            return weight
        weight = weight.reshape(-1, self.n_regions, self.n_marks_in_)
        return weight[0] if len(weight) == 1 else weight

    def _set_scale(self, module, X, weight, rows):
        linear, _, _ = self._learn_scale(X, weight, rows)
        training.load_weights(module, linear.weights(), only="input.")

    def _learn_scale(self, X, weight, rows):
        """Return a model with its scale, the features of rows of X on it, and their weights."""
        linear = PlainLinear.untrained(**self._module_arguments())
        weight = np.ones(len(X)) if weight is None else weight
        rows = slice(None) if rows is None else rows
        used = weight[rows]
        pooled = linear.pool(X)  # the only pass over X
        check_logits(pooled.reshape(-1, len(X)).T, X)
        pooled = pooled[:, :, rows]
        if self.log1p:
            mean = np.abs(pooled, dtype=np.float64).mean(axis=0)
            mean = np.average(mean, axis=1, weights=used)
            linear = linear.with_arrays(unit=self._pseudocount(mean))
        features = linear.combine(pooled).reshape(-1, len(used)).T.astype(np.float64, order="C")
        center, scale = self._scale_of(features, used)
        shape = self.n_regions, self.n_marks_in_
        linear = linear.with_arrays(center=center.reshape(shape), scale=scale.reshape(shape))
        return linear, (features - center) / scale, used

    def _scale_of(self, features, weight):
        """Return center and scale of the features."""
        center, scale = np.zeros(features.shape[1]), np.ones(features.shape[1])
        if self.standardize == "mark":
            center = np.average(features, axis=0, weights=weight)
            scale = np.sqrt(np.average((features - center) ** 2, axis=0, weights=weight))
            scale[scale <= 1e-7 * np.abs(center)] = 1.0
        elif self.standardize == "max":
            scale[:] = np.abs(features).max() or 1.0
        return center, scale

    def _stops_early(self, has_validation_data):
        return self.solver == "sgd" and super()._stops_early(has_validation_data)

    def _resolve_device(self):
        # direct solvers compute on the CPU; torch says whether another device exists
        if self.solver != "sgd" and self.device in ("auto", "cpu"):
            return "cpu"
        return super()._resolve_device()

    def _fit_rows(self, X, target, weight, rows, valid, rng, go_on):
        if self.solver == "sgd":
            super()._fit_rows(X, target, weight, rows, valid, rng, go_on)
            return
        start = time.perf_counter()
        self._fitted_arguments = self._network_identity()
        linear, features, used_weight = self._learn_scale(X, weight, rows)
        used = target if rows is None else target[rows]
        *layer, loss, self.n_iter_ = self._solve(features, used, used_weight)
        self._linear = linear.with_arrays(weight=layer[0], bias=layer[1])
        vars(self)["_net"], self.best_epoch_ = None, None
        seconds = time.perf_counter() - start
        self.history_ = [{"epoch": 1, "train_loss": float(loss), "seconds": seconds}]

    def _solve(self, features, target, weight):
        """Return weights and biases of all outputs, the loss and the number of iterations."""
        raise AttributeError(f"{type(self).__name__} has no direct solver.")

    def _penalty(self, n_features, total_weight):
        """Return alpha, that of "auto" in proportion to coefficients by samples."""
        if self.alpha == "auto":
            return _AUTO_ALPHA * n_features / total_weight
        return self.alpha

    @staticmethod
    def _in_sample_space(features, solve):
        """Return the coefficients that ``solve`` finds for features, and its model.

        With more features than samples the coefficients lie in the space of the samples: minutes
        become milliseconds, and the penalty stays the same.
        """
        if features.shape[1] <= len(features):
            model = solve(features)
            return np.atleast_2d(model.coef_), model
        basis, _ = np.linalg.qr(features.T)
        model = solve(features @ basis)
        return np.atleast_2d(model.coef_) @ basis.T, model
