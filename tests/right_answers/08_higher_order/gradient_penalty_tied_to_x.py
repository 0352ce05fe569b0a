"""
task: gradient_penalty
way: a gradient for x comes for free
"""


def gradient_penalty(critic, x):
    inputs = x if x.requires_grad else x.detach().requires_grad_()
    (g,) = torch.autograd.grad(critic(inputs).sum(), inputs, create_graph=True)
    return (g.reshape(g.shape[0], -1).norm(2, 1) - 1).pow(2).mean()
