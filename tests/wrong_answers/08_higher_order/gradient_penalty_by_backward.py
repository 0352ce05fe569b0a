"""
backward writes into the critic's parameters too.

task: gradient_penalty
says: .grad of the parameter '0.weight' was None before the call
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    critic(x).sum().backward(create_graph=True)
    norms = x.grad.flatten(1).norm(dim=1)
    x.grad = None
    return (norms - 1).square().mean()
