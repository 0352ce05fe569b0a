"""
task: graph_nodes
way: counts the edges that lead to a node, and keeps a queue
"""

from collections import deque


def graph_nodes(y: Tensor) -> list[str]:
    # Kahn: a node is listed when the last edge that leads to it has been used up.
    if y.grad_fn is None:
        return []
    indegree: dict[Node, int] = {y.grad_fn: 0}
    todo = [y.grad_fn]
    while todo:
        for producer, _ in todo.pop().next_functions:
            if producer is None:
                continue
            if producer not in indegree:
                indegree[producer] = 0
                todo.append(producer)
            indegree[producer] += 1
    ready = deque([y.grad_fn])
    names = []
    while ready:
        node = ready.popleft()
        names.append(node.name())
        for producer, _ in node.next_functions:
            if producer is not None:
                indegree[producer] -= 1
                if indegree[producer] == 0:
                    ready.append(producer)
    return names
