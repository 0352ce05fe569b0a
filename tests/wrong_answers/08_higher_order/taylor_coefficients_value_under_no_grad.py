"""
task: taylor_coefficients
says: is called where grad mode is off
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    if order == 0:
        with torch.no_grad():
            return [f(x).item()]
    y = f(x)
    coefficients = [y.item()]
    for k in range(1, order + 1):
        if y.requires_grad:
            (y,) = torch.autograd.grad(y, x, create_graph=True, materialize_grads=True)
        else:
            y = torch.zeros_like(x)
        coefficients.append(y.item() / math.factorial(k))
    return coefficients
