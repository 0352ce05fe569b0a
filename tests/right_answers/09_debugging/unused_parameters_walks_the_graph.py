"""
task: unused_parameters
way: walks the graph for AccumulateGrad nodes, without a backward
"""


def unused_parameters(model, loss):
    used, seen, stack = set(), set(), [loss.grad_fn]
    while stack:
        node = stack.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if hasattr(node, "variable"):
            used.add(id(node.variable))
        stack += [n for n, _ in node.next_functions]
    return [n for n, p in model.named_parameters() if p.requires_grad and id(p) not in used]
