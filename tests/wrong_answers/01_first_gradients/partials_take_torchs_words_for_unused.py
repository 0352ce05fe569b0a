"""
task: partials
says: ErrorOfF is due when the backward of f raises ErrorOfF
says: nothing was raised
"""


def partials(f, x, y):
    x, y = x.detach().requires_grad_(), y.detach().requires_grad_()
    z = f(x, y)
    out = []
    for t in (x, y):
        try:
            out.append(torch.autograd.grad(z, t, retain_graph=True)[0])
        except RuntimeError as e:
            if "not have been used" not in str(e):
                raise
            out.append(torch.zeros_like(t).detach())
    return tuple(out)
