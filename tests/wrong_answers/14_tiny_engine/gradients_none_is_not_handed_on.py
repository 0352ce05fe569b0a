"""
task: gradients
says: the gradient for a leaf behind another input
"""


def gradients(root, inputs, cotangent, *, create_graph=False):
    users, nodes = {root: []}, [root]
    for node in nodes:
        for p in node.parents:
            if p not in users:
                users[p] = []
                nodes.append(p)
            users[p].append(node)
    above = set()
    todo = [x for x in dict.fromkeys(inputs) if x in users]
    while todo:
        for user in users[todo.pop()]:
            if user not in above:
                above.add(user)
                todo.append(user)
    waiting = {n: sum(1 for u in us if u in above) for n, us in users.items()}
    sums = {root: cotangent}
    previous, GRAD_MODE.enabled = GRAD_MODE.enabled, bool(create_graph)
    try:
        ready = [root]
        while ready:
            node = ready.pop()
            if node not in above:
                continue
            g = sums.get(node)
            if g is None:
                continue
            parts = node.vjp(g)
            for p, part in zip(node.parents, parts):
                if part is not None:
                    sums[p] = part if sums.get(p) is None else sums[p] + part
                waiting[p] -= 1
                if waiting[p] == 0:
                    ready.append(p)
        return [sums.get(x) for x in inputs]
    finally:
        GRAD_MODE.enabled = previous
