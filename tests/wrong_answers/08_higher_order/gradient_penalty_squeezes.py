"""
task: gradient_penalty
says: the norm is taken over the whole batch
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms = gradient.reshape(len(x), -1).squeeze().norm(dim=-1)
    return (norms - 1).square().mean()
