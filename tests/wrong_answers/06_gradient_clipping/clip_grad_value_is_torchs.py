"""
task: clip_grad_value_
says: clip_grad_value_ is not written in gradient_clipping.py but comes from torch.nn.utils.clip_grad
"""

from torch.nn.utils import clip_grad_value_
