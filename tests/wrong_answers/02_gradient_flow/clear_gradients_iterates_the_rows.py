"""
task: clear_gradients_
says: the loop runs over the rows of the tensor
"""


def clear_gradients_(params, *, set_to_none=True):
    for p in params:
        if set_to_none:
            p.grad = None
        elif p.is_leaf and p.grad is not None:
            p.grad.detach_().zero_()
