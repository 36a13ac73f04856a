"""What the linear classifier and the linear regressor share: regions, scales, coefficients."""

import time
from numbers import Integral, Real

import numpy as np
import torch

from .._training import draw_seed, isolated_torch_rng, predict_logits
from ..nn import HistoneLinear
from ..utils import Interval, StrOptions, region_edges
from ._base import BaseNetworkEstimator
from ._samples import check_logits

# Penalty of alpha="auto" for each coefficient and sample
_AUTO_ALPHA = 0.4


class LinearNetwork(BaseNetworkEstimator):
    """Base of estimators of :class:`~histoexpr.nn.HistoneLinear`, solved directly or trained.

    A class states in ``_solve`` how the coefficients of scaled features are found.
    """

    _network = HistoneLinear
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
        return super()._module_arguments() | {"mirror": self._mirrors()}

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
        self._scale_features(module, *self._features(module, X, weight, rows))

    def _features(self, module, X, weight, rows):
        """Return the pooled features before scaling, and their weights."""
        weight = np.ones(len(X)) if weight is None else weight
        rows = slice(None) if rows is None else rows
        pooled = predict_logits(module, X, method="pool")  # the only pass over X
        check_logits(pooled.reshape(len(X), -1), X)
        if self.log1p:
            mean = np.abs(pooled[rows], dtype=np.float64).mean(axis=1)
            mean = np.average(mean, axis=0, weights=weight[rows])
            module.input.set_unit(self._pseudocount(mean))
        with torch.no_grad():
            device = module.linear.weight.device
            features = module.combine(torch.from_numpy(pooled).to(device)).cpu().numpy()
        return features.reshape(len(X), -1)[rows].astype(np.float64), weight[rows]

    def _scale_features(self, module, features, weight):
        """Learn the scale of the features and return them scaled."""
        center, scale = np.zeros(features.shape[1]), np.ones(features.shape[1])
        if self.standardize == "mark":
            center = np.average(features, axis=0, weights=weight)
            scale = np.sqrt(np.average((features - center) ** 2, axis=0, weights=weight))
            scale[scale <= 1e-7 * np.abs(center)] = 1.0
        elif self.standardize == "max":
            scale[:] = np.abs(features).max() or 1.0
        shape = self.n_regions, self.n_marks_in_
        module.input.set_scale(center.reshape(shape), scale.reshape(shape))
        return (features - center) / scale

    def _stops_early(self, has_validation_data):
        return self.solver == "sgd" and super()._stops_early(has_validation_data)

    def _fit_rows(self, X, target, weight, rows, valid, rng, previous):
        if self.solver == "sgd":
            super()._fit_rows(X, target, weight, rows, valid, rng, previous)
            return
        start = time.perf_counter()
        with isolated_torch_rng(draw_seed(rng), self.device_):
            net = self._build(self._plan())
        features, used_weight = self._features(net.module_, X, weight, rows)
        features = self._scale_features(net.module_, features, used_weight)
        used = target if rows is None else target[rows]
        loss, self.n_iter_ = self._solve(net.module_.linear, features, used, used_weight)
        self.net_, self.best_epoch_ = net, None
        seconds = time.perf_counter() - start
        self.history_ = [{"epoch": 1, "train_loss": float(loss), "seconds": seconds}]
        net.module_.eval()

    def _solve(self, layer, features, target, weight):
        """Set weights and biases of a layer; return the loss and the number of iterations."""
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
