"""
task: laplacian
way: the trace of the Jacobian of the gradient
"""


def laplacian(f, x):
    def gradient(t):
        y = f(t.reshape(x.shape))
        if not y.requires_grad:
            return torch.zeros_like(t)
        return torch.autograd.grad(y, t, create_graph=True, materialize_grads=True)[0]

    return torch.autograd.functional.jacobian(gradient, x.detach().reshape(-1)).diagonal().sum()
