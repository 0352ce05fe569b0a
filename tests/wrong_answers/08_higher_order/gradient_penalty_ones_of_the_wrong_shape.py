"""
task: gradient_penalty
says: for scores of shape (N, 1), it raises RuntimeError
"""


def gradient_penalty(critic, x):
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(
        critic(x), x, torch.ones(len(x), dtype=x.dtype, device=x.device), create_graph=True
    )
    norms = gradient.flatten(1).norm(dim=1)
    return (norms - 1).square().mean()
