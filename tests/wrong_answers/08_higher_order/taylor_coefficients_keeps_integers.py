"""
task: taylor_coefficients
says: given the int 2 for x0
"""


def taylor_coefficients(f, x0, order):
    x = (
        torch.tensor(x0, requires_grad=True)
        if isinstance(x0, int)
        else torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    )
    y = f(x)
    out = [y.item()]
    for k in range(1, order + 1):
        if not y.requires_grad:
            y = torch.zeros_like(x)
        else:
            (y,) = torch.autograd.grad(y, x, create_graph=True, materialize_grads=True)
        out.append(y.item() / math.factorial(k))
    return out
