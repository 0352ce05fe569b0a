"""
Only the gradient of a node's first input.

task: first_nan_op
says: judged by the gradient of its first input alone
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
                    if gi and gi[0] is not None and gi[0].isnan().any()
                    else None
                )
            )
    with torch.autograd.set_detect_anomaly(False):
        torch.autograd.grad(y, leaf)
    return nans[0] if nans else None
