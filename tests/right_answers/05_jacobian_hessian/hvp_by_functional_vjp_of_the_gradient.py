"""
task: hvp
way: torch.autograd.functional.vjp of the gradient
"""


def hvp(f, x, v):
    def gradient(t):
        y = f(t)
        if not y.requires_grad:
            return torch.zeros_like(t)
        return torch.autograd.grad(y, t, create_graph=True, materialize_grads=True)[0]

    return torch.autograd.functional.vjp(gradient, x.detach(), v)[1]
