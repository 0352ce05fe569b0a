"""
task: free_graph_
says: let it name second time too
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("the graph has been freed")

    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if node.vjp is not None:
            to_visit += node.parents
            node.parents, node.vjp = (), freed
