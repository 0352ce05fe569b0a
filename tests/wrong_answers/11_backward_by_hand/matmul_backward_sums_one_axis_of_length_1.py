"""
task: matmul_backward
says: for shapes (1, 1, 2, 3) and (2, 5, 3, 4)
"""


def matmul_backward(grad_output, a, b):
    def fit(t, like):
        while t.ndim > len(like):
            t = t.sum(0)
        for i, n in enumerate(like[:-2]):
            if n == 1:
                return t.sum(i, keepdim=True)
        return t

    left = a if a.ndim > 1 else a[None]
    right = b if b.ndim > 1 else b[:, None]
    grad = grad_output
    if a.ndim == 1:
        grad = grad.unsqueeze(-2) if b.ndim > 1 else grad
    if b.ndim == 1:
        grad = grad.unsqueeze(-1)
    if a.ndim == 1 and b.ndim == 1:
        grad = grad_output.reshape(1, 1)
    ga = fit(grad @ right.mT, left.shape)
    gb = fit(left.mT @ grad, right.shape)
    return ga.reshape(a.shape), gb.reshape(b.shape)
