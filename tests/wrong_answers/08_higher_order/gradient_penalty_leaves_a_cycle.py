"""
task: gradient_penalty
says: not even garbage collection frees them
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    critic(x).sum().backward(create_graph=True, inputs=[x])
    return (x.grad.flatten(1).norm(dim=1) - 1).square().mean()
