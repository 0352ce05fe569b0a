"""
task: clip_per_group_
way: a strict zip, made into a list before anything is clipped
"""


def clip_per_group_(optimizer, max_norms):
    pairs = list(zip(optimizer.param_groups, max_norms, strict=True))
    return [nn.utils.clip_grad_norm_(group["params"], bound) for group, bound in pairs]
