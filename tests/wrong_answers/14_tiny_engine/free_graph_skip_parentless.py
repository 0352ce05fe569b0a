"""
task: free_graph_
says: RuntimeError is due when the vjp of a node with a vjp and without parents is called
"""


def free_graph_(root):
    def freed(g):
        raise RuntimeError("second time")

    todo = [root]
    while todo:
        node = todo.pop()
        if node.parents:
            todo.extend(node.parents)
            node.parents = ()
            node.vjp = freed
