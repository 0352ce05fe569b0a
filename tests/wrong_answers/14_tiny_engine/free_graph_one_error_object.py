"""
task: free_graph_
says: the vjp raises one error object each time
"""

_FREED = RuntimeError("Trying to go back a second time")


def free_graph_(root):
    def freed(g):
        raise _FREED

    todo = [root]
    while todo:
        node = todo.pop()
        if node.vjp is not None:
            todo.extend(node.parents)
            node.parents = ()
            node.vjp = freed
