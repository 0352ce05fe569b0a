"""
Sorted by the number of creation; AccumulateGrad has the largest, and threads count for themselves.

task: graph_nodes
says: yours[0] is the str 'AccumulateGrad'
"""


def graph_nodes(y):
    seen, stack = set(), [y.grad_fn]
    while stack:
        node = stack.pop()
        if node is not None and node not in seen:
            seen.add(node)
            stack.extend(n for n, _ in node.next_functions)
    return [n.name() for n in sorted(seen, key=lambda n: n._sequence_nr(), reverse=True)]
