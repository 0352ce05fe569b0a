"""
Right but for its recursion.

task: graph_nodes
says: on a chain of 10,000 nodes, it raises RecursionError
"""


def graph_nodes(y):
    order, seen = [], set()

    def visit(node):
        if node is None or node in seen:
            return
        seen.add(node)
        for producer, _ in node.next_functions:
            visit(producer)
        order.append(node)

    visit(y.grad_fn)
    return [node.name() for node in reversed(order)]
