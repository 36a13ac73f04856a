"""What classifiers and regressors of networks share: parameters, fitting, output.

An estimator of :mod:`histoexpr.classification` or :mod:`histoexpr.regression` adds what its target
is. Imports training, networks, splitters and utilities, and whatever lies below them.
"""

from ._base import BaseNetworkEstimator
from ._linear import LinearNetwork
from ._module import ModuleOwner
from ._samples import check_logits, group_by_gene

# The names that are imported above are for other rooms
__all__ = []
