"""
task: clip_grad_norm_
says: clip_grad_norm_ is not written in gradient_clipping.py but comes from torch.nn.utils
"""

clip_grad_norm_ = torch.nn.utils.clip_grad_norm_
