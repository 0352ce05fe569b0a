"""
Back-propagates to every leaf, so that an edit on the way to another counts.

task: breaks_backward
says: backward runs to every leaf
"""


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    y = fn(leaf.clone())
    if not y.requires_grad:
        return False
    leaves, seen, stack = [], {None}, [y.grad_fn]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += [n for n, _ in node.next_functions]
            if hasattr(node, "variable"):
                leaves.append(node.variable)
    try:
        torch.autograd.grad(y, leaves, torch.ones_like(y), allow_unused=True)
    except RuntimeError as error:
        if "modified by an inplace operation" not in str(error):
            raise
        return True
    return False
