"""
task: free_graph_
says: called twice, it raises RuntimeError
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    if root.vjp is not None and not root.parents:
        raise RuntimeError("freed a second time")
    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if node.vjp is not None:
            to_visit += node.parents
            node.parents, node.vjp = (), freed
