"""
Two arrows to one node become one.

task: graph_mermaid
says: ExpBackward0 is drawn once
says: ask for it twice
"""


def graph_mermaid(y):
    ids, lines, found = {}, ["flowchart TD"], [y.grad_fn] if y.grad_fn else []
    arrows = set()
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
                arrows.add((node, producer))
    return "\n".join(lines + [f"{ids[a]} --> {ids[b]}" for a, b in arrows])
