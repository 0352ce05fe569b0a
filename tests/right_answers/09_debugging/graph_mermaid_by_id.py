"""
task: graph_mermaid
way: Python's id() as the id, lines as the walk meets them, nodes before arrows or not
"""


def graph_mermaid(y):
    lines, seen, stack = ["flowchart TD"], set(), [y.grad_fn]
    while stack:
        node = stack.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        name = type(node).__name__.replace('"', "#quot;")
        if name == "AccumulateGrad":
            name = f"{name} {tuple(node.variable.shape)}"
        lines.append(f'n{id(node)}["{name}"]')
        for producer, _ in node.next_functions:
            if producer is not None:
                lines.append(f"n{id(node)} --> n{id(producer)}")
                stack.append(producer)
    return "\n".join(lines)
