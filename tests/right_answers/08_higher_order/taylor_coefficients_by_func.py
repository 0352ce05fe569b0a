"""
task: taylor_coefficients
way: nested torch.func.grad
"""


def taylor_coefficients(f, x0, order):
    x = torch.tensor(x0, dtype=torch.double)
    out = []
    for k in range(order + 1):
        out.append(float(f(x)) / math.factorial(k))
        f = torch.func.grad(f)
    return out
