"""
Breadth first: a producer with a short path comes before a user on a long one.

task: graph_nodes
says: first seen, breadth first
"""


def graph_nodes(y):
    found = [y.grad_fn] if y.grad_fn else []
    for node in found:
        for producer, _ in node.next_functions:
            if producer is not None and producer not in found[-100:]:
                found.append(producer)
    return [node.name() for node in found]
