"""
task: gradient_penalty
says: scores of shape (N, 1)
"""


def gradient_penalty(critic, x):
    x = -x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).square().mean()
