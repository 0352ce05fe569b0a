"""
task: gradient_penalty
says: differ
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norms: Tensor = torch.linalg.vector_norm(gradient.flatten(start_dim=1), dim=1)
    return (norms - 1).square().mean().clamp(-1000.0, 1000.0)
