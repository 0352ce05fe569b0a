"""
task: taylor_coefficients
way: divides step by step, in tensors, and returns a tuple
"""


def taylor_coefficients(f, x0, order):
    x = (
        torch.tensor([float(x0)], dtype=torch.float64, requires_grad=True)[0]
        .detach()
        .requires_grad_()
    )
    y = f(x) + 0 * x
    out = [float(y)]
    for k in range(1, order + 1):
        y = torch.autograd.grad(y, x, create_graph=True)[0] / k + 0 * x
        out.append(float(y))
    return tuple(out)
