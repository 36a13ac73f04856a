"""Updates of all weights by one kernel, in torch's own optimizers."""

import torch

_DEVICES = ("cpu", "cuda")
_FUSED = (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW)


def fuse_updates(optimizer):
    """Let an optimizer of torch that is not in use yet update its weights by one kernel.

    The rule is the same, sums are rounded differently; on CPU Adam takes a quarter of the
    time. Without such a kernel, and with settings of the user's own, all stays as it is.
    """
    if type(optimizer) not in _FUSED or optimizer.state:
        return
    for group in optimizer.param_groups:
        unset = group["fused"] is None and group["foreach"] is None
        usual = all(p.is_floating_point() and p.device.type in _DEVICES for p in group["params"])
        if unset and usual and not group["differentiable"]:
            group["fused"] = True
