"""
Puts grad mode back under "except Exception", which Ctrl-C is not.

task: laplacian
says: it leaves recording switched on
"""


def laplacian(f, x):
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
            out = x.detach().new_zeros(())
        else:
            n = x.numel()
            out = (
                torch.stack(
                    [
                        torch.autograd.grad(e, leaf, retain_graph=True, materialize_grads=True)[
                            0
                        ].reshape(-1)[i]
                        for i, e in enumerate(g.reshape(-1).unbind())
                    ]
                )
                .sum()
                .detach()
            )
    except Exception:
        torch.set_grad_enabled(recording)
        raise
    torch.set_grad_enabled(recording)
    return out
