"""
task: numerical_vjp
says: v is moved with x, whose memory it shares: move a copy of x
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
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
