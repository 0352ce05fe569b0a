"""
An arrow is drawn only to a node that is met for the first time.

task: graph_mermaid
says: is drawn once; the entries of next_functions ask for it twice
"""


def graph_mermaid(y):
    lines = ["flowchart TD"]
    ids = {}

    def visit(node):
        ids[node] = f"n{len(ids)}"
        label = node.name().split("::")[-1].replace('"', "#quot;")
        if hasattr(node, "variable"):
            label += f" {tuple(node.variable.shape)}"
        lines.append(f'{ids[node]}["{label}"]')
        for producer, _ in node.next_functions:
            if producer is not None and producer not in ids:
                visit(producer)
                lines.append(f"{ids[node]} --> {ids[producer]}")

    if y.grad_fn is not None:
        visit(y.grad_fn)
    return "\n".join(lines)
