"""
task: taylor_coefficients
says: factorials are integers of 64 bits
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    y = f(x)
    values = [y.item()]
    for _ in range(order):
        if y.requires_grad:
            (y,) = torch.autograd.grad(y, x, create_graph=True, materialize_grads=True)
        else:
            y = torch.zeros_like(x)
        values.append(y.item())
    factorials = torch.cat([torch.tensor([1]), torch.arange(1, order + 1)]).cumprod(0)
    return (torch.tensor(values, dtype=torch.float64) / factorials).tolist()
