"""
Puts grad mode back under "except Exception", which Ctrl-C is not.

task: jvp_double_backward
says: it leaves recording switched on
"""


def jvp_double_backward(f, x, v):
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            out = torch.zeros_like(y)
        else:
            u = torch.zeros_like(y, requires_grad=True)
            (p,) = torch.autograd.grad(y, leaf, u, create_graph=True, materialize_grads=True)
            out = (
                torch.autograd.grad(p, u, v, materialize_grads=True)[0]
                if p.requires_grad
                else torch.zeros_like(y)
            )
            out = out.detach()
    except Exception:
        torch.set_grad_enabled(recording)
        raise
    torch.set_grad_enabled(recording)
    return out
