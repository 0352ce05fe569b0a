"""
task: gradients
says: where a vjp returns the list [None, None], it raises TypeError
"""


def gradients(root, inputs, cotangent, *, create_graph=False):
    order, seen, stack = [], {root}, [(root, iter(root.parents))]
    while stack:
        node, parents = stack[-1]
        new = next((p for p in parents if p not in seen), None)
        if new is None:
            order.append(stack.pop()[0])
        else:
            seen.add(new)
            stack.append((new, iter(new.parents)))
    asked, leads = set(inputs), set()
    for node in order:
        if node in asked or not leads.isdisjoint(node.parents):
            leads.add(node)
    was, GRAD_MODE.enabled = GRAD_MODE.enabled, create_graph
    try:
        whole = {root: cotangent}
        for node in reversed(order):
            if node in whole and not leads.isdisjoint(node.parents):
                for parent, part in zip(node.parents, node.vjp(whole[node])):
                    whole[parent] = part + whole[parent] if parent in whole else part
    finally:
        GRAD_MODE.enabled = was
    return [whole.get(x) for x in inputs]
