"""
Puts grad mode back under "except Exception", which Ctrl-C is not.

task: jacobian_batched
says: it leaves recording switched on
"""


def jacobian_batched(f, x):
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        rows = None
        if y.requires_grad:
            basis = torch.eye(y.numel(), dtype=y.dtype, device=y.device).reshape(-1, *y.shape)
            (rows,) = torch.autograd.grad(y, leaf, basis, allow_unused=True, is_grads_batched=True)
        out = (
            x.new_zeros(y.shape + x.shape)
            if rows is None
            else rows.reshape(y.shape + x.shape).detach()
        )
    except Exception:
        torch.set_grad_enabled(recording)
        raise
    torch.set_grad_enabled(recording)
    return out
