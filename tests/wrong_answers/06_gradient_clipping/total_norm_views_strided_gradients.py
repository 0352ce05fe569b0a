"""
task: total_norm
says: view size is not compatible
"""


def total_norm(params, norm_type=2.0):
    grads = [p.grad.detach().view(-1) for p in params if p.grad is not None]
    return torch.cat(grads).norm(norm_type) if grads else torch.zeros(())
