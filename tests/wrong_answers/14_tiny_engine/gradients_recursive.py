"""
task: gradients
says: for a long graph, it raises RecursionError
"""


def gradients(root, inputs, cotangent, *, create_graph=False):
    leads, order = {}, []

    def visit(node):
        if node not in leads:
            leads[node] = node in inputs
            behind = [visit(parent) for parent in node.parents]
            leads[node] = leads[node] or any(behind)
            order.append(node)
        return leads[node]

    visit(root)
    arrived = {root: cotangent}
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, create_graph
    try:
        for node in reversed(order):
            if node in arrived and any(leads[parent] for parent in node.parents):
                for parent, part in zip(node.parents, node.vjp(arrived[node])):
                    if part is not None and leads[parent]:
                        arrived[parent] = arrived[parent] + part if parent in arrived else part
    finally:
        GRAD_MODE.enabled = found
    return [arrived.get(x) for x in inputs]
