"""
task: taylor_coefficients
says: for w·x, whose first derivative w has a graph, and x is not in it
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y = f(x)
    out = [y.item()]
    for k in range(1, order + 1):
        if not y.requires_grad:
            y = torch.zeros_like(x)
        else:
            (y,) = torch.autograd.grad(y, x, create_graph=True)
        out.append(y.item() / math.factorial(k))
    return out
