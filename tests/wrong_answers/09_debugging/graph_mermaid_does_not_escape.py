"""
A quotation mark stays as it is.

task: graph_mermaid
says: a quotation mark within a name is written #quot;
"""


def graph_mermaid(y):
    ids, lines, found = {}, ["flowchart TD"], [y.grad_fn] if y.grad_fn else []
    arrows = []
    for node in found:
        if node in ids:
            continue
        ids[node] = f"n{len(ids)}"
        label = node.name().split("::")[-1]
        if hasattr(node, "variable"):
            label += f" {tuple(node.variable.shape)}"
        lines.append(f'{ids[node]}["{label}"]')
        for producer, _ in node.next_functions:
            if producer is not None:
                found.append(producer)
                arrows.append((node, producer))
    return "\n".join(lines + [f"{ids[a]} --> {ids[b]}" for a, b in arrows])
