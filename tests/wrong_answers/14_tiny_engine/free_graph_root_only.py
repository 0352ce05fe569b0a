"""
task: free_graph_
says: a node between root and the leaves has 1 parent
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    if root.vjp is not None:
        root.parents, root.vjp = (), freed
