"""
task: jacobian_rows
way: a one-hot incoming gradient for each element, written into an empty J
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x) + 0 * x.sum()
    J = x.new_empty((y.numel(), x.numel()))
    for i in range(y.numel()):
        one = torch.zeros(y.numel(), dtype=y.dtype, device=y.device)
        one[i] = 1
        J[i] = torch.autograd.grad(y, x, one.view(y.shape), retain_graph=True)[0].reshape(-1)
    return J.view(y.shape + x.shape)
