"""
task: check_clip_grad_norm_
says: 2 of 22 faults are caught.
says: · nothing is clipped
lets: 1-8 10-12 14-22
"""


def check_clip_grad_norm_(clip):
    params = [nn.Parameter(_random(4, 3)), nn.Parameter(_random(2))]
    clip(params, 1.0)
    params[0].grad = _random(4, 3)
    clip(params, 1.0)
