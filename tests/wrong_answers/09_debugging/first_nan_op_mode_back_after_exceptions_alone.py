"""
Puts the mode back under "except Exception", which Ctrl-C is not.

task: first_nan_op
says: anomaly mode is still on
"""


def first_nan_op(f, x):
    was = torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()
    torch.autograd.set_detect_anomaly(True)
    leaf = x.detach().clone().requires_grad_()
    name = None
    try:
        y = f(leaf)
    except Exception:
        torch.autograd.set_detect_anomaly(*was)
        raise
    try:
        torch.autograd.grad(y, leaf)
    except RuntimeError as error:
        found = re.match("Function '(.+)' returned nan values", str(error))
        if found is None:
            torch.autograd.set_detect_anomaly(*was)
            raise
        name = found[1]
    torch.autograd.set_detect_anomaly(*was)
    return name
