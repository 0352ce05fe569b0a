"""
task: first_nan_op
says: back-propagates into what else it does with x
"""


def first_nan_op(f: Callable[[Tensor], Tensor], x: Tensor) -> str | None:
    leaf = x if x.requires_grad else x.detach().requires_grad_()
    y = f(leaf)
    try:
        with torch.autograd.set_detect_anomaly(True):
            torch.autograd.grad(y, leaf)
    except RuntimeError as error:
        match = re.match(r"Function '(.+)' returned nan values in its \d+th output", str(error))
        if match is None:
            raise
        return match.group(1)
    return None
