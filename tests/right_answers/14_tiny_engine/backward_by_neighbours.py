"""
task: backward
way: counts by count_uses, recording off by no_grad, sums of lists of arrays
"""


def backward(root, cotangent=None):
    if cotangent is None and root.data.shape != ():
        raise RuntimeError(f"which gradient of shape {root.data.shape}?")
    waiting = count_uses(root)
    parts = {node: [] for node in waiting}
    parts[root].append(cotangent or Node(1.0))
    ready = [root]
    with no_grad():
        while ready:
            node = ready.pop(0)
            arrays = [part.data for part in parts.pop(node)]
            whole = Node(sum(arrays[1:], arrays[0])) if arrays else None
            if whole and node.vjp is None and node.requires_grad:
                node.grad = node.grad + whole if node.grad else whole
            contributions = node.vjp(whole) if whole and node.vjp else (None,) * len(node.parents)
            for parent, part in zip(node.parents, contributions):
                parts[parent] += [part] if part else []
                waiting[parent] -= 1
                ready += [parent] if waiting[parent] == 0 else []
