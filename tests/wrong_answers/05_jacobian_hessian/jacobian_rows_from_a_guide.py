"""
task: jacobian_rows
says: it raises
"""


def jacobian_rows(f, x):
    x = x.detach().requires_grad_()
    y = f(x)
    J = torch.zeros(y.shape[0], x.shape[0], dtype=x.dtype)
    for i in range(y.shape[0]):
        if x.grad is not None:
            x.grad.zero_()
        y[i].backward(retain_graph=True)
        J[i] = x.grad
    return J
