"""
task: total_norm
says: what torch.empty makes is not 0 but what its memory held
"""


def total_norm(params, norm_type=2.0):
    norms = [
        torch.linalg.vector_norm(p.grad.detach(), norm_type) for p in params if p.grad is not None
    ]
    return torch.linalg.vector_norm(torch.stack(norms), norm_type) if norms else torch.empty(())
