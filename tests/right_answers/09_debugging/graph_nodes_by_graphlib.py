"""
task: graph_nodes
way: the standard library's topological sorter
"""


def graph_nodes(y):
    from graphlib import TopologicalSorter

    users, stack = {}, [y.grad_fn] if y.grad_fn is not None else []
    while stack:
        node = stack.pop()
        if node in users:
            continue
        users[node] = [n for n, _ in node.next_functions if n is not None]
        stack += users[node]
    return [n.name() for n in TopologicalSorter(users).static_order()][::-1]
