"""
task: total_norm
way: each norm is put together with the norm so far
"""


def total_norm(params, norm_type=2.0):
    norm = None
    for p in params:
        if p.grad is None:
            continue
        mine = torch.linalg.vector_norm(p.grad.data, norm_type)
        norm = (
            mine if norm is None else torch.linalg.vector_norm(torch.stack([norm, mine]), norm_type)
        )
    return torch.zeros(()) if norm is None else norm
