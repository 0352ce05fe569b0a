"""
task: first_nan_op
way: hooks on every node, with anomaly mode off meanwhile
"""


def first_nan_op(f, x):
    leaf = x.detach().clone().requires_grad_()
    y = f(leaf)
    nans, seen, stack = [], {None}, [y.grad_fn]

    def watch(node):
        def hook(grad_inputs, grad_outputs):
            if any(g is not None and g.isnan().any() for g in grad_inputs):
                nans.append(node.name())

        return hook

    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += [n for n, _ in node.next_functions]
            node.register_hook(watch(node))
    with torch.autograd.set_detect_anomaly(False):
        torch.autograd.grad(y, leaf)
    return nans[0] if nans else None
