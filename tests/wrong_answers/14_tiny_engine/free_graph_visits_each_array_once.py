"""
task: free_graph_
says: a node behind one that has its array
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("backward through the graph a second time: it has been freed")

    seen, to_visit = set(), [root]
    while to_visit:
        node = to_visit.pop()
        if node.vjp is None or id(node.data) in seen:
            continue
        seen.add(id(node.data))
        to_visit += node.parents
        node.parents, node.vjp = (), freed
