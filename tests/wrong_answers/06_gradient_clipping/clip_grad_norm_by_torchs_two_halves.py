"""
task: clip_grad_norm_
says: clip_grad_norm_ calls torch.nn.utils.get_total_norm, which this task asks to do without
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    params = list(params)
    norm = nn.utils.get_total_norm(
        [p.grad for p in params if p.grad is not None], norm_type, error_if_nonfinite
    )
    nn.utils.clip_grads_with_norm_(params, max_norm, norm)
    return norm
