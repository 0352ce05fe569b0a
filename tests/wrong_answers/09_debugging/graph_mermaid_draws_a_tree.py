"""
A node is drawn once for every path that leads to it.

task: graph_mermaid
says: 2 nodes have the name
"""


def graph_mermaid(y):
    lines = ["flowchart TD"]
    count = [0]

    def visit(node):
        mine = f"n{count[0]}"
        count[0] += 1
        label = node.name().split("::")[-1].replace('"', "#quot;")
        if hasattr(node, "variable"):
            label += f" {tuple(node.variable.shape)}"
        lines.append(f'{mine}["{label}"]')
        for producer, _ in node.next_functions:
            if producer is not None:
                lines.append(f"{mine} --> {visit(producer)}")
        return mine

    if y.grad_fn is not None:
        visit(y.grad_fn)
    return "\n".join(lines)
