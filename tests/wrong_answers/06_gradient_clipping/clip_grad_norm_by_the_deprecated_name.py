"""
task: clip_grad_norm_
says: clip_grad_norm_ calls torch.nn.utils.clip_grad_norm_, which this task asks to do without
"""


def clip_grad_norm_(params, max_norm, norm_type=2.0, *, error_if_nonfinite=False):
    return nn.utils.clip_grad_norm(params, max_norm, norm_type, error_if_nonfinite)
