"""
Switches anomaly mode off at the end, whatever it was before.

task: first_nan_op
says: before the call, anomaly mode was set_detect_anomaly(True, check_nan=True)
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
    finally:
        torch.autograd.set_detect_anomaly(False)
    return None
