"""
task: free_graph_
says: the walk takes each path
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    nodes = [root]
    for node in nodes:
        nodes += node.parents
    for node in nodes:
        if node.vjp is not None:
            node.parents, node.vjp = (), freed
