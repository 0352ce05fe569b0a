"""
task: gradients
says: the walk takes each path
"""


def gradients(root, inputs, cotangent, *, create_graph=False):
    depth, stack = {root: 0}, [root]
    while stack:
        node = stack.pop()
        for parent in node.parents:
            depth[parent] = max(depth.get(parent, 0), depth[node] + 1)
            stack.append(parent)
    order = sorted(depth, key=depth.get)
    asked, leads = set(inputs), set()
    for node in reversed(order):
        if node in asked or not leads.isdisjoint(node.parents):
            leads.add(node)
    was, GRAD_MODE.enabled = GRAD_MODE.enabled, create_graph
    try:
        whole = {root: cotangent}
        for node in order:
            if node in whole and not leads.isdisjoint(node.parents):
                for parent, part in zip(node.parents, node.vjp(whole[node])):
                    if part is not None:
                        whole[parent] = part + whole[parent] if parent in whole else part
    finally:
        GRAD_MODE.enabled = was
    return [whole.get(x) for x in inputs]
