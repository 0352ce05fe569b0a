"""
task: free_graph_
says: a leaf has a vjp now
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        to_visit += node.parents
        node.parents, node.vjp = (), freed
