"""
task: numerical_vjp
says: the value of input 1 at
says: leave it as it was found
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
    v = v.clone()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        old = x[index].item()
        x[index] = old + eps
        above = (f(x) * v).sum().item()
        x[index] = old - eps
        below = (f(x) * v).sum().item()
        x[index] = old
        result[index] = (above - below) / (2 * eps)
    return result
