"""
task: gradient_penalty
way: vector_norm over all axes but the first
"""


def gradient_penalty(critic: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    points = x.detach().requires_grad_()
    scores = critic(points)
    (gradients,) = torch.autograd.grad(scores, points, torch.ones_like(scores), create_graph=True)
    norms = torch.linalg.vector_norm(gradients, dim=tuple(range(1, x.dim())))
    return (norms - 1).square().mean()
