"""
task: free_graph_
says: root has 2 parents
"""


def free_graph_(root):
    def freed(cotangent):
        raise RuntimeError("a second time")

    to_visit, seen = [root], set()
    while to_visit:
        node = to_visit.pop()
        if node not in seen and node.vjp is not None:
            seen.add(node)
            to_visit += node.parents
            node.vjp = freed
