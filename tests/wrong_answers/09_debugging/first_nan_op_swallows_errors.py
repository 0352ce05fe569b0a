"""
Every error of f and of backward is nothing to it.

task: first_nan_op
says: f raises it: let it pass through
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    with torch.autograd.set_detect_anomaly(True):
        try:
            torch.autograd.grad(f(leaf), leaf)
        except RuntimeError as error:
            found = re.match("Function '(.+)' returned nan values", str(error))
            return found[1] if found else None
    return None
