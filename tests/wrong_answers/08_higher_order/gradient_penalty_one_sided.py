"""
task: gradient_penalty
says: norms below 1 are let off
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms = gradient.flatten(1).norm(dim=1)
    return (norms - 1).clamp(min=0).square().mean()
