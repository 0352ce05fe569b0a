"""
task: free_graph_
says: requires_grad is switched off
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if node.vjp is not None:
            to_visit += node.parents
            node.parents, node.vjp, node.requires_grad = (), freed, False
