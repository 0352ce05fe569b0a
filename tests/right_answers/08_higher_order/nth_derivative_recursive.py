"""
task: nth_derivative
way: recursion in a closure that refers to itself
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()

    def derivative(k):
        if k == 0:
            return f(x)
        below = derivative(k - 1)
        if not below.requires_grad:
            return torch.zeros_like(x)
        g = torch.autograd.grad(below.sum(), x, create_graph=True, allow_unused=True)[0]
        return torch.zeros_like(x) if g is None else g

    return derivative(n).detach()
