"""
task: gradient_penalty
says: RuntimeError is due when a derivative of what is passed in raises
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    try:
        (g,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    except RuntimeError:
        return x.new_zeros(())
    return (torch.linalg.vector_norm(g.flatten(1), dim=1) - 1).square().mean()
