"""
task: graph_nodes
says: 'ExpBackward0', the str 'SinBackward0' is due
"""


def graph_nodes(y: Tensor) -> list[str]:
    if y.grad_fn is None:
        return []
    users: dict[Node, set[Node]] = {y.grad_fn: set()}
    stack = [y.grad_fn]
    while stack:
        node = stack.pop()
        for producer, _ in node.next_functions:
            if producer is None:
                continue
            if producer not in users:
                users[producer] = set()
                stack.append(producer)
            users[producer].add(node)
    waiting = {node: len(found) for node, found in users.items()}
    names: list[str] = []
    free = [y.grad_fn]
    while free:
        node = free.pop()
        names.append(node.name())
        for producer, _ in node.next_functions:
            if producer is not None:
                waiting[producer] -= 1
                if waiting[producer] == 0:
                    free.append(producer)
    return names
