"""
task: gradient_penalty
way: backward into x alone, and .grad set to None
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    critic(x).sum().backward(create_graph=True, inputs=[x])
    g, x.grad = x.grad, None
    return (g.flatten(1).norm(dim=1) - 1).square().mean()
