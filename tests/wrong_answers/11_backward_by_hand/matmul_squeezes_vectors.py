"""
task: matmul_backward
says: for shapes (1,) and (1,)
"""


def matmul_backward(grad_output, a, b):
    a2 = a[None] if a.ndim == 1 else a
    b2 = b[:, None] if b.ndim == 1 else b
    g = grad_output[..., None] if b.ndim == 1 else grad_output
    g = g.unsqueeze(-2) if a.ndim == 1 else g
    ga = (g @ b2.mT).sum_to_size(a2.shape)
    gb = (a2.mT @ g).sum_to_size(b2.shape)
    return (ga.squeeze() if a.ndim == 1 else ga), (gb.squeeze() if b.ndim == 1 else gb)
