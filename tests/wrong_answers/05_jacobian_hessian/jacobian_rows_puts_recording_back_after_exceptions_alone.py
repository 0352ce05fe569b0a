"""
Puts grad mode back under "except Exception", which Ctrl-C is not.

task: jacobian_rows
says: it leaves recording switched on
"""


def jacobian_rows(f, x):
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    try:
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            out = x.new_zeros(y.shape + x.shape)
        else:
            rows = [
                torch.autograd.grad(e, leaf, retain_graph=True, materialize_grads=True)[0]
                for e in y.reshape(-1).unbind()
            ]
            out = torch.stack(rows).reshape(y.shape + x.shape).detach()
    except Exception:
        torch.set_grad_enabled(recording)
        raise
    torch.set_grad_enabled(recording)
    return out
