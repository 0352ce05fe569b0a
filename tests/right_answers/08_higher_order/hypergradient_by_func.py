"""
task: hypergradient
way: torch.func.grad inside torch.func.grad
"""


def hypergradient(f, val, w0, lr, steps):
    def trained(lr):
        w = w0.detach()
        for _ in range(steps):
            w = w - lr * torch.func.grad(f)(w)
        return val(w)

    return torch.func.grad(trained)(lr.detach()).detach()
