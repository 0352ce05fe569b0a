"""
task: total_norm
says: the .grad of a frozen parameter is left out
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach() for p in params if p.requires_grad and p.grad is not None]
    if not grads:
        return torch.zeros(())
    return torch.linalg.vector_norm(
        torch.stack([torch.linalg.vector_norm(g, norm_type) for g in grads]), norm_type
    )
