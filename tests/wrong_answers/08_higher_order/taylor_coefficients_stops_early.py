"""
Ends the list where the polynomial ends, instead of filling it up with zeros.

task: taylor_coefficients
says: yours has length
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(float(x0), dtype=torch.float64, requires_grad=True)
    y = f(x)
    out = [y.item()]
    for k in range(1, order + 1):
        if not y.requires_grad:
            break
        (y,) = torch.autograd.grad(y, x, create_graph=True, materialize_grads=True)
        out.append(y.item() / math.factorial(k))
    return out
