"""
task: taylor_coefficients
says: the first derivative has no graph and is taken for a constant
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y = f(x)
    out = [y.item()]
    for k in range(1, order + 1):
        if y.requires_grad:
            (y,) = torch.autograd.grad(y, x, materialize_grads=True)
        else:
            y = torch.zeros_like(x)
        out.append(y.item() / math.factorial(k))
    return out
