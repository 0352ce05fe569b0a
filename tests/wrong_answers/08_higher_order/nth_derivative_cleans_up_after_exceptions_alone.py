"""
Lets x itself record, and ends that under "except Exception", which Ctrl-C is not.

task: nth_derivative
says: requires_grad of an input was False before the call
"""


def nth_derivative(f, x, n):
    was = x.requires_grad
    if not x.is_leaf or x.grad is not None or was:
        x = x.detach()
        was = False
    x.requires_grad_()
    try:
        y = f(x)
        for _ in range(n):
            if not y.requires_grad:
                y = torch.zeros_like(y)
                break
            (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    except Exception:
        x.requires_grad_(was)
        raise
    x.requires_grad_(was)
    return y.detach()
