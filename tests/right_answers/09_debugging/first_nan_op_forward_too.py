"""
task: first_nan_op
way: anomaly mode in forward too, by hand, put back in finally
"""


def first_nan_op(f, x):
    was, was_nan = torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()
    torch.autograd.set_detect_anomaly(True, check_nan=True)
    try:
        leaf = x.clone().detach().requires_grad_(True)
        y = f(leaf)
        try:
            torch.autograd.grad(y, leaf)
        except RuntimeError as error:
            found = re.search(r"Function '(\w+)' returned nan", str(error))
            if not found:
                raise
            return found.group(1)
        return None
    finally:
        torch.autograd.set_detect_anomaly(was, check_nan=was_nan)
