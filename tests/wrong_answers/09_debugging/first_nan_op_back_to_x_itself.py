"""
Back-propagates through the clone of an x that requires grad, into its .grad.

task: first_nan_op
says: .grad of an input was None
"""


def first_nan_op(f, x):
    leaf = x.clone()
    if not leaf.requires_grad:
        leaf.requires_grad_()
    y = f(leaf)
    with torch.autograd.set_detect_anomaly(True):
        try:
            y.backward(inputs=None if not leaf.is_leaf else [leaf])
        except RuntimeError as error:
            found = re.match("Function '(.+)' returned nan values", str(error))
            if found is None:
                raise
            return found[1]
    return None
