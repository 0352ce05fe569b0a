"""
task: graph_nodes
way: counts users, and lists a node when none is left (Kahn)
"""


def graph_nodes(y):
    from collections import Counter

    if y.grad_fn is None:
        return []
    users, seen, stack = Counter(), {y.grad_fn}, [y.grad_fn]
    while stack:
        for producer, _ in stack.pop().next_functions:
            if producer is not None:
                users[producer] += 1
                if producer not in seen:
                    seen.add(producer)
                    stack.append(producer)
    names, ready = [], [y.grad_fn]
    while ready:
        node = ready.pop()
        names.append(node.name())
        for producer, _ in node.next_functions:
            if producer is not None:
                users[producer] -= 1
                if not users[producer]:
                    ready.append(producer)
    return names
