"""
task: numerical_vjp
says: given an f whose result has shape (2, 1, 3), it raises RuntimeError: 1D tensors expected
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        y = (f(x + step) - f(x - step)) / (2 * eps)
        result[index] = torch.dot(y, v).item() if y.ndim else (y * v).item()
    return result
