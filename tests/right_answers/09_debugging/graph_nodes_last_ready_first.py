"""
task: graph_nodes
way: of the nodes that are ready, the latest first
"""


def graph_nodes(y):
    if y.grad_fn is None:
        return []
    from collections import Counter

    indeg, seen, stack = Counter(), {y.grad_fn}, [y.grad_fn]
    while stack:
        n = stack.pop()
        for m, _ in n.next_functions:
            if m is not None:
                indeg[m] += 1
                if m not in seen:
                    seen.add(m)
                    stack.append(m)
    out, ready = [], [y.grad_fn]
    while ready:
        n = ready.pop()
        out.append(n.name())
        for m, _ in n.next_functions:
            if m is not None:
                indeg[m] -= 1
                if not indeg[m]:
                    ready.append(m)
    return out
