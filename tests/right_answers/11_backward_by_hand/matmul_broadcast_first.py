"""
task: matmul_backward
way: both operands expanded to the batch, and its axes summed
"""


def matmul_backward(grad_output, a, b):
    left = a[None] if a.ndim == 1 else a
    right = b[:, None] if b.ndim == 1 else b
    grad = grad_output
    if b.ndim == 1:
        grad = grad.unsqueeze(-1)
    if a.ndim == 1:
        grad = grad.unsqueeze(-2)
    batch = grad.shape[:-2]

    def reduced(t, shape):
        extra = t.ndim - len(shape)
        t = t.sum(tuple(range(extra))) if extra else t
        for axis, size in enumerate(shape):
            if size == 1:
                t = t.sum(axis, keepdim=True)
        return t

    wide_a, wide_b = left.expand(*batch, *left.shape[-2:]), right.expand(*batch, *right.shape[-2:])
    grad_a = reduced(torch.einsum("...nm,...km->...nk", grad, wide_b), left.shape)
    grad_b = reduced(torch.einsum("...nk,...nm->...km", wide_a, grad), right.shape)
    return grad_a.reshape(a.shape), grad_b.reshape(b.shape)
