"""
As in many copies of the recipe: right for vectors, not for images.

task: gradient_penalty
says: the norm is taken over axis 1 alone
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms = gradient.norm(dim=1)
    return (norms - 1).square().mean()
