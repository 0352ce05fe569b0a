"""
task: gradient_penalty
says: cut from the graph
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, retain_graph=True)
    norms = gradient.flatten(1).norm(dim=1)
    return (norms - 1).square().mean()
