"""
task: jvp_double_backward
says: more than 1,000 operations run: x and f(x) have 200 elements each
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(y)
        parts = [
            (torch.autograd.grad(e, leaf, retain_graph=True, materialize_grads=True)[0] * v).sum()
            for e in y.reshape(-1)
        ]
    return torch.stack(parts).reshape(y.shape)
