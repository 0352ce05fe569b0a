"""
task: gradient_penalty
says: the mean of the norms is taken first, and squared after
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms = gradient.flatten(1).norm(dim=1)
    return (norms.mean() - 1).square()
