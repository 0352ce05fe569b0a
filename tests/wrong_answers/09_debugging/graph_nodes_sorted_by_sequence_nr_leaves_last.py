"""
Sorted by the number of creation, leaves last: right in one thread only.

task: graph_nodes
says: another thread
says: sorted by _sequence_nr, leaves last
"""


def graph_nodes(y):
    seen, stack = set(), [y.grad_fn]
    while stack:
        node = stack.pop()
        if node is not None and node not in seen:
            seen.add(node)
            stack.extend(n for n, _ in node.next_functions)

    def number(n):
        return -1 if "AccumulateGrad" in n.name() else n._sequence_nr()

    return [n.name() for n in sorted(seen, key=number, reverse=True)]
