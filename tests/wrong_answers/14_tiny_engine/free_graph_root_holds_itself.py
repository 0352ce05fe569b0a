"""
task: free_graph_
says: without users root is still alive
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    def freed_root(cotangent):
        raise RuntimeError(f"backward through {root} a second time")

    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if node.vjp is not None:
            to_visit += node.parents
            node.parents, node.vjp = (), freed
    if root.vjp is not None:
        root.vjp = freed_root
