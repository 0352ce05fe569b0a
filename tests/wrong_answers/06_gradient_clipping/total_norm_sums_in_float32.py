"""
task: total_norm
says: torch.bfloat16
"""


def total_norm(params: Iterable[Tensor], norm_type: float = 2.0) -> Tensor:
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.tensor(0.0)
    if norm_type == float("inf"):
        return torch.stack([g.abs().amax() for g in grads]).amax()
    total = torch.zeros((), dtype=torch.float32, device=grads[0].device)
    for g in grads:
        total = total + torch.linalg.vector_norm(g, norm_type) ** norm_type
    return total ** (1 / norm_type)
