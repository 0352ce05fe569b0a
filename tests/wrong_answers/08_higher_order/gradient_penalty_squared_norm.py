"""
task: gradient_penalty
says: the squared norm is taken for the norm
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms = gradient.flatten(1).square().sum(1)
    return (norms - 1).square().mean()
