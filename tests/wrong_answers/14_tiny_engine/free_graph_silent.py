"""
task: free_graph_
says: RuntimeError is due when the vjp of root is called; nothing was raised
"""


def free_graph_(root):
    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if node.vjp is not None:
            to_visit += node.parents
            node.parents, node.vjp = (), lambda cotangent: ()
