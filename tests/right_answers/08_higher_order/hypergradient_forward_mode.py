"""
task: hypergradient
way: jvp along lr
"""


def hypergradient(f, val, w0, lr, steps):
    def trained(lr):
        w = w0.detach()
        for _ in range(steps):
            w = w - lr * torch.func.grad(f)(w)
        return val(w) + 0 * lr

    return torch.func.jvp(trained, (lr.detach(),), (torch.ones_like(lr.detach()),))[1].detach()
