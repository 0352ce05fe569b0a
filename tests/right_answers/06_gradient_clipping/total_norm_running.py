"""
task: total_norm
way: a running norm of two numbers
"""


def total_norm(params, norm_type=2.0):
    got = None
    for p in params:
        if p.grad is None:
            continue
        n = torch.linalg.vector_norm(p.grad.detach(), ord=norm_type)
        got = n if got is None else torch.linalg.vector_norm(torch.stack((got, n)), ord=norm_type)
    return torch.tensor(0) if got is None else got
