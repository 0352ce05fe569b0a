"""
task: taylor_coefficients
says: an except hides such errors
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    y = f(x)
    coefficients = [y.item()]
    for k in range(1, order + 1):
        try:
            (y,) = torch.autograd.grad(y, x, create_graph=True)
        except RuntimeError:
            y = torch.zeros_like(x)
        coefficients.append(y.item() / math.factorial(k))
    return coefficients
