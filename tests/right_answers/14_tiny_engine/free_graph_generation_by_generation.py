"""
task: free_graph_
way: all users of a generation are freed before the next is looked at
"""


class _Freed:
    def __call__(self, cotangent):
        raise RuntimeError("this is the second time: the graph was freed")


def free_graph_(root):
    generation = {root}
    while generation:
        following = set()
        for node in generation:
            if node.vjp is not None:
                following.update(node.parents)
                node.parents, node.vjp = (), _Freed()
        generation = following
