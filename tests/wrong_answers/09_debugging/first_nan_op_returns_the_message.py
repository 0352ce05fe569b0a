"""
The whole sentence instead of the name.

task: first_nan_op
says: the str 'SqrtBackward0' is due
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    with torch.autograd.set_detect_anomaly(True):
        try:
            torch.autograd.grad(y, leaf)
        except RuntimeError as error:
            if "nan" not in str(error):
                raise
            return str(error)
    return None
