"""
Relies on whatever the check for NaN is set to.

task: first_nan_op
says: called under set_detect_anomaly(True, check_nan=False)
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    was = torch.is_anomaly_check_nan_enabled()
    with torch.autograd.set_detect_anomaly(True, was):
        try:
            torch.autograd.grad(y, leaf)
        except RuntimeError as error:
            found = re.match("Function '(.+)' returned nan values", str(error))
            if not found:
                raise
            return found[1]
    return None
