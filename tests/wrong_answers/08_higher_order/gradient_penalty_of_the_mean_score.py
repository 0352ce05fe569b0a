"""
task: gradient_penalty
says: the mean score is differentiated
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).mean(), x, create_graph=True)
    norms = gradient.flatten(1).norm(dim=1)
    return (norms - 1).square().mean()
