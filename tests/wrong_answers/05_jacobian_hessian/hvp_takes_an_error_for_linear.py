"""
task: hvp
says: RuntimeError is due when the backward of f's gradient raises RuntimeError; nothing was raised
says: whether f is linear is told by requires_grad, and by no error
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_zeros(x.shape)
        (g,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        try:
            return torch.autograd.grad(g, leaf, v)[0]
        except RuntimeError:  # f is linear
            return x.new_zeros(x.shape)
