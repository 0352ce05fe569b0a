"""
task: taylor_coefficients
says: it stops at a derivative that is 0 here
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    y = f(x)
    coefficients = [y.item()]
    for k in range(1, order + 1):
        if not y.requires_grad:
            break
        (y,) = torch.autograd.grad(y, x, create_graph=True, materialize_grads=True)
        if y == 0:
            break
        coefficients.append(y.item() / math.factorial(k))
    return coefficients + [0.0] * (order + 1 - len(coefficients))
