"""
task: free_graph_
says: 3 of 3 nodes between root and the leaves are still alive
"""


def free_graph_(root):
    def freed(node):
        def vjp(cotangent):
            raise RuntimeError(f"backward through {node} a second time")

        return vjp

    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if node.vjp is not None:
            to_visit += node.parents
            node.parents, node.vjp = (), freed(node)
