"""
task: free_graph_
way: first all nodes with a vjp, by count_uses, then each is freed
"""


def _raise(_):
    raise RuntimeError("Trying to backward through the graph a second time")


def free_graph_(root):
    for node in list(count_uses(root)):
        if node.vjp is not None:
            node.vjp = _raise
            node.parents = ()
