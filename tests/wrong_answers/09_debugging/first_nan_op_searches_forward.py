"""
Looks for a NaN among the values of forward.

task: first_nan_op
says: the values have none
"""


def first_nan_op(f, x):
    y = f(x.detach().clone().requires_grad_())
    return y.grad_fn.name() if y.isnan().any() else None
