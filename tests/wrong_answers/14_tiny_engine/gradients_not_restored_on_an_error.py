"""
task: gradients
says: after a RuntimeError of a vjp
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
    leads = set()
    to_visit = [x for x in inputs if x in users]
    while to_visit:
        node = to_visit.pop()
        if node not in leads:
            leads.add(node)
            to_visit += users[node]
    waiting = {node: len(users[node]) for node in leads}
    arrived, ready = {root: cotangent}, [root]
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, create_graph
    if True:
        while ready:
            node = ready.pop()
            parts = [None] * len(node.parents)
            if node in arrived and any(parent in leads for parent in node.parents):
                parts = node.vjp(arrived[node])
            for parent, part in zip(node.parents, parts):
                if parent not in leads:
                    continue
                if part is not None:
                    arrived[parent] = arrived[parent] + part if parent in arrived else part
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)
    if True:
        GRAD_MODE.enabled = found
    return [arrived.get(x) for x in inputs]
