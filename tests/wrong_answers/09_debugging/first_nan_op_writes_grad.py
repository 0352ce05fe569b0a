"""
Back-propagates into everything that f uses.

task: first_nan_op
says: .grad of input 1
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    with torch.autograd.set_detect_anomaly(True):
        try:
            y.backward()
        except RuntimeError as error:
            found = re.match("Function '(.+)' returned nan values", str(error))
            if not found:
                raise
            return found[1]
    return None
