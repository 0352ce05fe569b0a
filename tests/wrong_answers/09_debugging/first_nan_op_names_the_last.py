"""
The last node with a NaN.

task: first_nan_op
says: the last node with a NaN is named
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    nans, seen, stack = [], {None}, [y.grad_fn]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack.extend(n for n, _ in node.next_functions)
            node.register_hook(
                lambda gi, go, node=node: (
                    nans.append(node.name())
                    if any(g is not None and g.isnan().any() for g in gi)
                    else None
                )
            )
    with torch.autograd.set_detect_anomaly(False):
        torch.autograd.grad(y, leaf)
    return nans[-1] if nans else None
