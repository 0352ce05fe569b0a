"""
task: free_graph_
says: root has no vjp any more: that makes a leaf of it
"""


def free_graph_(root):
    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        to_visit += node.parents
        node.parents, node.vjp = (), None
