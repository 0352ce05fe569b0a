"""
task: total_norm
says: an element of the gradients being nan
"""


def total_norm(params, norm_type=2.0):
    grads = [
        p.grad.detach().nan_to_num(nan=0.0, posinf=float("inf"), neginf=-float("inf"))
        for p in params
        if p.grad is not None
    ]
    if not grads:
        return torch.zeros(())
    return torch.linalg.vector_norm(
        torch.stack([torch.linalg.vector_norm(g, norm_type) for g in grads]), norm_type
    )
