"""
task: total_norm
says: NaN and infinity are made numbers: let them through
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach() for p in params if p.grad is not None]
    if not grads:
        return torch.zeros(())
    norms = [torch.linalg.vector_norm(g, norm_type) for g in grads]
    norm = torch.linalg.vector_norm(torch.stack(norms), norm_type)
    return torch.nan_to_num(norm, nan=float("nan"))
