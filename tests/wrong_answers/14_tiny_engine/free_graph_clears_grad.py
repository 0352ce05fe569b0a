"""
task: free_graph_
says: a .grad was changed
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        node.grad = None
        if node.vjp is not None:
            to_visit += node.parents
            node.parents, node.vjp = (), freed
