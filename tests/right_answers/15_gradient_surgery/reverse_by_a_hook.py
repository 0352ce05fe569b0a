"""
task: reverse_gradient
way: a hook on a copy that nobody else uses
"""


def reverse_gradient(x, strength):
    copy = x.clone()
    if copy.requires_grad:
        copy.register_hook(lambda g: g * -strength)
    return copy
