"""
task: free_graph_
says: the version.count of a leaf, a node between and root
"""


def _freed(g):
    raise RuntimeError("Trying to backward through the graph a second time")


def free_graph_(root: Node) -> None:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.vjp is None:
            continue
        todo.extend(node.parents)
        node.parents = ()
        node.vjp = _freed
        node.version.count += 1
