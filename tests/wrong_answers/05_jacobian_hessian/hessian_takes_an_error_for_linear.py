"""
task: hessian
says: RuntimeError is due when the backward of f's gradient raises RuntimeError; nothing was raised
says: whether f is linear is told by requires_grad, and by no error
"""


def hessian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_zeros(x.shape + x.shape)
        (g,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        try:
            rows = [torch.autograd.grad(e, leaf, retain_graph=True)[0] for e in g.reshape(-1)]
        except RuntimeError:  # f is linear
            return x.new_zeros(x.shape + x.shape)
    return torch.stack(rows).reshape(x.shape + x.shape)
