"""
task: total_norm
way: torch's _foreach_norm
"""


def total_norm(params, norm_type=2.0):
    with torch.no_grad():
        grads = [grad for grad in (p.grad for p in params) if grad is not None]
        norms = torch._foreach_norm(grads, norm_type) if grads else [torch.zeros(1)]
        return torch.linalg.norm(torch.stack(tuple(norms)).flatten(), ord=norm_type)
