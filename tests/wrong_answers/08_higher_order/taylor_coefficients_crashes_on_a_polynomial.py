"""
task: taylor_coefficients
says: for x², whose derivative 4 is 0
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y = f(x)
    out = [y.item()]
    for k in range(1, order + 1):
        (y,) = torch.autograd.grad(y, x, create_graph=True)
        out.append(y.item() / math.factorial(k))
    return out
