"""
Switches anomaly mode on for good.

task: first_nan_op
says: anomaly mode
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    torch.autograd.set_detect_anomaly(True)
    try:
        torch.autograd.grad(f(leaf), leaf)
    except RuntimeError as error:
        found = re.match("Function '(.+)' returned nan values", str(error))
        if not found:
            raise
        return found[1]
    return None
