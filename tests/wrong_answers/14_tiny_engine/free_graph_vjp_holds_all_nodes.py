"""
task: free_graph_
says: 3 of 3 nodes between root and the leaves are still alive
"""


def free_graph_(root):
    nodes, seen = [root], {root}
    for node in nodes:
        new = [parent for parent in dict.fromkeys(node.parents) if parent not in seen]
        nodes += new
        seen.update(new)

    def freed(cotangent):
        raise RuntimeError(f"a graph of {len(nodes)} nodes was freed: backward a second time")

    for node in nodes:
        if node.vjp is not None:
            node.parents, node.vjp = (), freed
