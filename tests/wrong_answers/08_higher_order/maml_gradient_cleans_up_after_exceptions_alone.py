"""
Lets w itself record, and ends that under "except Exception", which Ctrl-C is not.

task: maml_gradient
says: requires_grad of an input was False before the call
"""


def maml_gradient(loss_fn, support, query, w, lr):
    own = w.is_leaf and not w.requires_grad
    t = w.requires_grad_() if own else w.detach().requires_grad_()
    try:
        (s,) = torch.autograd.grad(loss_fn(t, support), t, create_graph=True)
        (g,) = torch.autograd.grad(loss_fn(t - lr * s, query), t)
    except Exception:
        if own:
            w.requires_grad_(False)
        raise
    if own:
        w.requires_grad_(False)
    return g
