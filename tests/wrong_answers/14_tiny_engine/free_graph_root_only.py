"""
task: free_graph_
says: the walk passes it by
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    if root.vjp is not None:
        root.parents, root.vjp = (), freed
