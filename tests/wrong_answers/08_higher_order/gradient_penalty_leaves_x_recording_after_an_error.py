"""
Lets x itself record, and ends that where no error comes between.

task: gradient_penalty
says: requires_grad of an input was False before the call
"""


def gradient_penalty(critic, x):
    if x.is_leaf and not x.requires_grad:
        x.requires_grad_()
        (g,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
        x.requires_grad_(False)
    else:
        x = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (torch.linalg.vector_norm(g.flatten(1), dim=1) - 1).square().mean()
