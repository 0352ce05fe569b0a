"""
Arrows in the order of forward.

task: graph_mermaid
says: every arrow points the wrong way
"""


def graph_mermaid(y):
    ids, lines, found = {}, ["flowchart TD"], [y.grad_fn] if y.grad_fn else []
    arrows = []
    for node in found:
        if node in ids:
            continue
        ids[node] = f"n{len(ids)}"
        label = node.name().split("::")[-1].replace('"', "#quot;")
        if hasattr(node, "variable"):
            label += f" {tuple(node.variable.shape)}"
        lines.append(f'{ids[node]}["{label}"]')
        for producer, _ in node.next_functions:
            if producer is not None:
                found.append(producer)
                arrows.append((producer, node))
    return "\n".join(lines + [f"{ids[a]} --> {ids[b]}" for a, b in arrows])
