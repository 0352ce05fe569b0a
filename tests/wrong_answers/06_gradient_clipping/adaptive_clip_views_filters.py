"""
task: adaptive_clip_
says: for weights of shape (3, 2, 2, 2), it raises RuntimeError: view size is not compatible
"""


def adaptive_clip_(params, clipping=0.01, eps=1e-3):
    for p in params:
        if p.grad is None:
            continue
        rows = p.shape[0] if p.ndim > 1 else 1
        weight, grad = p.detach().view(rows, -1), p.grad.detach().view(rows, -1)
        weight_norm = weight.norm(dim=1, keepdim=True).clamp(min=eps)
        grad_norm = grad.norm(dim=1, keepdim=True)
        grad.mul_((clipping * weight_norm / grad_norm).clamp(max=1))
