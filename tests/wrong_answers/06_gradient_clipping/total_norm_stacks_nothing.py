"""
task: total_norm
says: without any gradient, it raises RuntimeError
says: stack expects a non-empty TensorList
"""


def total_norm(params, norm_type=2.0):
    norms = [p.grad.detach().norm(norm_type) for p in params if p.grad is not None]
    return torch.stack(norms).norm(norm_type)
