"""
task: gradient_penalty
says: the parameters of a copy are in the graph
"""


def gradient_penalty(critic, x):
    import copy

    x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(copy.deepcopy(critic)(x).sum(), x, create_graph=True)
    return (g.flatten(1).norm(dim=1) - 1).square().mean()
