"""
Puts grad mode back under "except Exception", which Ctrl-C is not.

task: vjp
says: it leaves recording switched on
"""


def vjp(f, x, v):
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            out = y, torch.zeros_like(x)
        else:
            out = y.detach(), torch.autograd.grad(y, leaf, v, materialize_grads=True)[0]
    except Exception:
        torch.set_grad_enabled(recording)
        raise
    torch.set_grad_enabled(recording)
    return out
