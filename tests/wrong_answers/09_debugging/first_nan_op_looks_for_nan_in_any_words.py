"""
Takes an error for one about NaN because "nan" is in its text.

task: first_nan_op
says: it is not about NaN
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
            return str(error).split("'")[1] if "'" in str(error) else str(error)
    return None
