"""
Looks for a NaN among the values of forward.

task: first_nan_op
says: only the values of forward are searched
"""


def first_nan_op(f, x):
    y = f(x.detach().clone().requires_grad_())
    return y.grad_fn.name() if y.isnan().any() else None
