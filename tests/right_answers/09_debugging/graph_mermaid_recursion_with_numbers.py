"""
task: graph_mermaid
way: a recursive walk, names within the arrows' lines, semicolons, the full name
"""


def graph_mermaid(y):
    lines, ids = [], {}

    def box(node):
        label = node.name().replace('"', "#quot;")
        if hasattr(node, "variable"):
            label = f"AccumulateGrad {tuple(node.variable.size())}"
        return f'{ids[node]}["{label}"]'

    def visit(node):
        if node in ids:
            return
        ids[node] = f"node_{len(ids)}"
        if not lines:
            lines.append(box(node) + ";")
        for producer, _ in node.next_functions:
            if producer is not None:
                visit(producer)
                lines.append(f"{box(node)} --> {box(producer)};")

    if y.grad_fn is not None:
        visit(y.grad_fn)
    return "\n".join(["flowchart TD", *lines]) + "\n"
