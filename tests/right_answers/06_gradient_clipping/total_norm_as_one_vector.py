"""
task: total_norm
way: one vector of all gradients
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach().reshape(-1) for p in params if p.grad is not None]
    if not grads:
        return torch.tensor(0.0)
    return torch.cat(grads).norm(p=norm_type)
