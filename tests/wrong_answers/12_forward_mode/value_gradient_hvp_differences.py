"""
task: value_gradient_hvp
says: f is called 3 times
"""


def value_gradient_hvp(f, x, v):
    def gradient(at):
        with torch.enable_grad():
            leaf = at.detach().requires_grad_()
            y = f(leaf)
            if not y.requires_grad:
                return y, torch.zeros_like(leaf).detach()
            (g,) = torch.autograd.grad(y, leaf, materialize_grads=True)
        return y.detach(), g.detach()

    eps = 1e-6
    difference = gradient(x + eps * v)[1] - gradient(x - eps * v)[1]
    return *gradient(x), difference / (2 * eps)
