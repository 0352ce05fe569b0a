"""
Switches anomaly mode off, but not when f raises.

task: first_nan_op
says: f raised, and anomaly mode is still on
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    was = torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()
    torch.autograd.set_detect_anomaly(True)
    y = f(leaf)
    try:
        torch.autograd.grad(y, leaf)
    except RuntimeError as error:
        found = re.match("Function '(.+)' returned nan values", str(error))
        if not found:
            raise
        return found[1]
    finally:
        torch.autograd.set_detect_anomaly(*was)
    return None
