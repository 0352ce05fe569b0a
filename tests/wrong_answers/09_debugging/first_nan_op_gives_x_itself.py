"""
Gives f x itself, so that all that f does with x counts.

task: first_nan_op
says: f gets x itself
"""


def first_nan_op(f, x):
    was = x.requires_grad
    x.requires_grad_()
    try:
        y = f(x)
        with torch.autograd.set_detect_anomaly(True):
            try:
                torch.autograd.grad(y, x)
            except RuntimeError as error:
                found = re.match("Function '(.+)' returned nan values", str(error))
                if found is None:
                    raise
                return found[1]
        return None
    finally:
        x.requires_grad_(was)
