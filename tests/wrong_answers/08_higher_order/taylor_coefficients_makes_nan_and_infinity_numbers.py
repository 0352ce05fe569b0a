"""
task: taylor_coefficients
says: NaN becomes a number, or infinity does: let them through
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    y = f(x)
    coefficients = [y.item()]
    for k in range(1, order + 1):
        if y.requires_grad:
            (y,) = torch.autograd.grad(y, x, create_graph=True, materialize_grads=True)
        else:
            y = torch.zeros_like(x)
        coefficients.append(y.item() / math.factorial(k))
    return torch.tensor(coefficients, dtype=torch.float64).nan_to_num().tolist()
