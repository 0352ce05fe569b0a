"""
task: gradient_penalty
says: requires_grad of an input was False before the call
"""


def gradient_penalty(critic, x):
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms = gradient.flatten(1).norm(dim=1)
    return (norms - 1).square().mean()
