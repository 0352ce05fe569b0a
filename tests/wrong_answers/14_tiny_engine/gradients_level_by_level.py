"""
task: gradients
says: the vjp of a node on several ways was called 3 times
"""


def gradients(root, inputs, cotangent, *, create_graph=False):
    users = {root: []}
    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        for parent in node.parents:
            if parent not in users:
                users[parent] = []
                to_visit.append(parent)
            users[parent].append(node)
    leads, to_visit = set(), [x for x in inputs if x in users]
    while to_visit:
        node = to_visit.pop()
        if node not in leads:
            leads.add(node)
            to_visit += users[node]
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, create_graph
    total, level = {}, {root: cotangent}
    try:
        while level:
            following = {}
            for node, part in level.items():
                total[node] = total[node] + part if node in total else part
                if any(parent in leads for parent in node.parents):
                    for parent, more in zip(node.parents, node.vjp(part)):
                        if more is not None and parent in leads:
                            old = following.get(parent)
                            following[parent] = more if old is None else old + more
            level = following
    finally:
        GRAD_MODE.enabled = found
    return [total.get(x) for x in inputs]
