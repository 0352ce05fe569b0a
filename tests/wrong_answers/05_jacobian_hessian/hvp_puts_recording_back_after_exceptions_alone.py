"""
Puts grad mode back under "except Exception", which Ctrl-C is not.

task: hvp
says: it leaves recording switched on
"""


def hvp(f, x, v):
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        g = (
            torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)[0]
            if y.requires_grad
            else x
        )
        if not g.requires_grad or g is x:
            out = torch.zeros_like(x).detach()
        else:
            out = torch.autograd.grad(g, leaf, v, materialize_grads=True)[0].detach()
    except Exception:
        torch.set_grad_enabled(recording)
        raise
    torch.set_grad_enabled(recording)
    return out
